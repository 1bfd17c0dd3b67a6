"""A conference for people's own calendars (iCalendar). It names no learner: calendars get shared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from learnpath.conferences.models import Conference, ConferenceState

PRODUCT = "-//Learner Paths//Conferences//EN"
TYPE = "text/calendar; charset=utf-8"


def calendar_file(conferences: Iterable[Conference], title: str, zone: str, now: datetime) -> bytes:
    """Return the conferences as an iCalendar file in the school's time zone, its rules included.

    A calendar that has one already changes it: the identity stays and the sequence grows with each move.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for conference in conferences:
        calendar.add_component(_event(conference, title, ZoneInfo(zone), now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(conference: Conference, title: str, here: ZoneInfo, now: datetime) -> Event:
    event = Event()
    starts = conference.starts_at.astimezone(here)
    event.add("uid", f"conference-{conference.id}@learnpath")
    event.add("dtstamp", now)
    event.add("summary", title)
    event.add("dtstart", starts)
    # In real minutes: a conference that crosses the change of the clocks lasts as long as it says.
    ends = conference.starts_at + timedelta(minutes=conference.minutes)
    event.add("dtend", ends.astimezone(here))
    event.add("sequence", conference.moves)
    off = conference.state is ConferenceState.CALLED_OFF
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    if conference.place:
        event.add("location", conference.place)
    return event
