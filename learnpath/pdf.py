"""A page as a PDF: tagged for reading aloud, with our own fonts and nothing from the network.

WeasyPrint needs Pango from the system. Where that is missing, people are told to print the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from learnpath import resources
from learnpath.errors import NotAllowedNow
from learnpath.wording import lazy as _l

VARIANT = "pdf/ua-1"
# One sheet alone needs no number.
ONE_SHEET = (
    "html {{ font-size: {}pt !important }} @page {{ @bottom-right {{ content: none !important }} }}"
)


def pdf_from(html: str, sizes: Sequence[float] = ()) -> bytes:
    """Return a page as a tagged PDF.

    ``sizes`` are sizes of letters in points: the first with which all is on one sheet is taken. Where none
    fits, the page keeps its own size and takes several sheets.
    Raises NotAllowedNow where the system has no Pango.
    """
    return draw(html, sizes)


def draw(html: str, sizes: Sequence[float]) -> bytes:
    """Lay the page out on sheets: nearly all of the time that a PDF takes is spent here."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - heavy, and it may be missing
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise NotAllowedNow(_l("This server cannot make a PDF. Print the page instead.")) from error

    class OurFonts(URLFetcher):  # type: ignore[misc]
        """Reads fonts of ours and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
            return URLFetcherResponse(url, font_of(url), {"Content-Type": "font/woff2"})

    page = HTML(string=html, url_fetcher=OurFonts(), base_url="static:/")
    for size in sizes:
        style = CSS(string=ONE_SHEET.format(size))
        drawn = page.render(stylesheets=[style], pdf_variant=VARIANT)
        if len(drawn.pages) == 1:
            return bytes(drawn.write_pdf(pdf_variant=VARIANT))
    return bytes(page.write_pdf(pdf_variant=VARIANT))


def font_of(url: str) -> bytes:
    """Return a font of ours, and refuse every other address: nobody learns that a page was printed."""
    name = url.removeprefix("static:").lstrip("/")
    path = (resources.STATIC / name).resolve()
    if path.suffix != ".woff2" or not path.is_relative_to(resources.STATIC.resolve()):
        raise ValueError(f"not for a PDF: {url}")
    return path.read_bytes()
