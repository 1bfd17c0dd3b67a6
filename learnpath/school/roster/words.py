"""Why a row is wrong, in words: one sentence a reason, in the language of whoever reads it."""

from __future__ import annotations

from flask_babel import LazyString

from learnpath.wording import lazy as _l

REASONS: dict[str, LazyString] = {
    # the set as a whole
    "not_a_set": _l("This is neither a folder nor a zip file."),
    "broken_zip": _l("The zip file is broken or locked and cannot be opened."),
    "unsafe_name": _l(
        "The zip holds a name that leads out of its folder: “%(name)s”. Nothing of it is read."
    ),
    "zip_too_big": _l(
        "The zip would unpack to far more than a roster needs. Nothing of it is read."
    ),
    "named_twice": _l("The set holds this file more than once."),
    "no_manifest": _l(
        "manifest.csv is not there. Without it nobody can tell a whole set from one with changes only."
    ),
    "no_version": _l("manifest.csv does not say which version of OneRoster this is."),
    "other_version": _l("This is version “%(value)s”. Versions 1.1 and 1.2 can be read."),
    "odd_manifest_version": _l(
        "The version of the manifest is “%(value)s”, not 1.0. Read all the same."
    ),
    "odd_mode": _l("“%(value)s” is not absent, bulk or delta."),
    "no_mode": _l(
        "manifest.csv does not say how to read this file. Read as the other files are: %(value)s."
    ),
    "mode_unknown": _l(
        "manifest.csv does not say whether this file is bulk or delta. The file is not read."
    ),
    "said_absent": _l(
        "manifest.csv says that this file is absent, yet it is there. It is not read."
    ),
    "file_missing": _l("manifest.csv names this file, yet it is not there."),
    "file_not_known": _l("This file belongs to no OneRoster set. It is not read."),
    "unreadable": _l("The file cannot be read."),
    # a file as a whole
    "empty_file": _l("The file is empty: not even a header is there."),
    "header_only": _l("The file has a header and no row."),
    "header_only_ends": _l(
        "The file has a header and no row. As a whole set it would end everything of its kind, "
        "so nothing is applied."
    ),
    "not_csv": _l("This is not a CSV file."),
    "utf16": _l("The file is written in UTF-16. Save it as UTF-8."),
    "other_delimiter": _l("The columns are not parted by commas."),
    "missing_column": _l("The column is not there."),
    "missing_column_like": _l(
        "The column is not there. “%(name)s” looks like it, but that is not its name."
    ),
    "column_twice": _l("The column is there twice."),
    "unknown_column": _l("This column is not known. It is not read."),
    "unknown_column_like": _l(
        "This column is not known. It looks like “%(name)s”, but it is not read."
    ),
    "header_empty": _l("A column has no name. It is not read."),
    "line_too_long": _l("One line is so long that this cannot be a roster."),
    "open_quote": _l("A quotation mark opens here and is never closed."),
    # a row
    "bad_quotes": _l("The quotation marks of this row do not pair up."),
    "too_many_cells": _l("The row has more cells than the header has columns."),
    "too_few_cells": _l(
        "The row has fewer cells than the header has columns. The rest is read as empty."
    ),
    "windows_1252": _l(
        "The bytes are not UTF-8. Read as Windows-1252: “%(value)s”. Look whether that is right."
    ),
    "bad_bytes": _l("The bytes are neither UTF-8 nor Windows-1252."),
    "needed": _l("This cell is empty and may not be."),
    "no_name": _l("The person has no name."),
    "too_long": _l("The cell holds more than %(most)s characters."),
    "cut": _l("The text is longer than %(most)s characters. The rest is cut off."),
    "bad_id": _l("This cannot be a sourcedId."),
    "odd_choice": _l("“%(value)s” is not one of the words that may stand here."),
    "ambiguous_date": _l("“%(value)s” can be read as more than one day. Write it as 2026-08-31."),
    "bad_date": _l("“%(value)s” is not a day. Write it as 2026-08-31."),
    "ambiguous_date_unused": _l(
        "“%(value)s” can be read as more than one day. Nothing depends on it: the row is read."
    ),
    "bad_date_unused": _l("“%(value)s” is not a day. Nothing depends on it: the row is read."),
    "date_with_time": _l("A day is written with a time. The day is taken."),
    "odd_enabled": _l("“%(value)s” is neither true nor false. The account stays as it is."),
    "ends_first": _l("It ends before it begins."),
    "odd_grade": _l("“%(value)s” is not a grade that is known. Read as no grade."),
    "delta_status": _l(
        "A file with changes only needs a status and a dateLastModified in each row."
    ),
    "same_id": _l("The same sourcedId stands in line %(line)s already. That line is taken."),
    "username_odd": _l(
        "“%(value)s” cannot be a username here. One is made when the first sign-in slip is printed."
    ),
    "username_taken": _l(
        "Somebody has the username “%(value)s”. Another one is made when the first sign-in slip is printed."
    ),
    "closed_here": _l(
        "The school closed this account by hand. The person is here again; the office opens the account."
    ),
    "seat_stays": _l(
        "This person leads the school or looks after the app. Only the office can close the account."
    ),
    # between rows
    "no_parent": _l("“%(id)s” is not there. Read as having nothing above it."),
    "parent_cycle": _l(
        "What stands above it leads back to itself. Read as having nothing above it."
    ),
    "ends_as_next_begins": _l(
        "It ends on the day on which the next one begins. Read as ending the day before."
    ),
    "read_as_school": _l("A department with no school above it. Read as a school."),
    "no_org": _l("The organisation “%(id)s” is not there."),
    "not_a_school": _l("“%(id)s” is not a school."),
    "no_school": _l("The person belongs to no school of this set."),
    "no_session": _l("The session “%(id)s” is not there."),
    "no_year": _l("No school year can be found for this class."),
    "no_title": _l("Neither the class nor its course has a name."),
    "no_course": _l("The course “%(id)s” is not there."),
    "no_class": _l("The class “%(id)s” is not there, or was left out."),
    "no_user": _l("The person “%(id)s” is not there, or was left out."),
    "other_school": _l("The class belongs to another school than the row says."),
    "no_role": _l("No row of roles.csv gives this person a role."),
    "role_of_nobody": _l("The person “%(id)s” of this role is not there."),
    "not_staff": _l("A person who is no teacher and no staff cannot teach a class."),
    "not_student": _l("A person who is not a student cannot learn in a class."),
    "same_tie": _l("The same person, class and first day stand in line %(line)s already."),
    "by_hand": _l("The same was added by hand here. It is left alone."),
    "same_here": _l("The same person, class and first day are here under another sourcedId."),
    "day_kept": _l(
        "Another enrolment of this person in this class keeps that first day. Here the first day stays as it was."
    ),
    "class_elsewhere": _l(
        "This class belongs to another school here. A class that moves needs a sourcedId of its own. "
        "It is left as it is, with all who learn and teach in it."
    ),
    "id_used_again": _l("This sourcedId stood for another person or class before."),
    "lives_elsewhere": _l(
        "This person belongs to another school here. Only the office of the district can move people."
    ),
    "agent_of_nobody": _l("No student names this person, and this person names no student."),
    "agent_self": _l("A person cannot be their own guardian."),
    "agent_unknown": _l("The person “%(id)s” is not there, so no tie is made."),
    "agent_student": _l("Both are students. A student is no guardian of a student."),
    "agent_nobody": _l("Neither of the two is a student, so no tie is made."),
    "agent_staff": _l(
        "Only the student's own row, or the role of a guardian, makes a teacher the family of a student."
    ),
}


def reason(code: str, parts: dict[str, object]) -> str:
    """Return the sentence for a reason, in the language of the request, or in English without one."""
    template = str(REASONS[code])
    return template % parts if parts else template
