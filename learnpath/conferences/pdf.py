"""A summary as a PDF: tagged for reading aloud, one sheet of Letter paper, with nothing from the network.

WeasyPrint needs Pango from the system. Where that is missing, people are told to print the page.
"""

from __future__ import annotations

import re

from learnpath import resources
from learnpath.errors import NotAllowedNow
from learnpath.wording import lazy as _l

# The SVG of a chart takes its colours from the page's style sheet, which does not reach into it here.
CHART_STYLE = """<style>
text{font-size:16px;font-weight:500;font-family:"Atkinson Hyperlegible Next",sans-serif;fill:#1E2A32}
.chart-soft{fill:#4A5963}.chart-strong{font-weight:700}
.chart-middle{text-anchor:middle}.chart-end{text-anchor:end}
.chart-grid{stroke:#DDD5C6}.chart-band{fill:#14595B;opacity:.1}.chart-range{fill:#14595B;opacity:.16}
.chart-aim{stroke:#A8431F;stroke-width:3;stroke-dasharray:3 8;stroke-linecap:round}
.chart-aim-before{stroke-width:2;opacity:.75}
.chart-line{fill:none;stroke:#14595B;stroke-width:3.5}
.chart-dot{fill:#14595B}.chart-flag{fill:#F2B233;stroke:#1E2A32;stroke-width:2}
.chart-gap{stroke:#7A8790;stroke-width:2}
.chart-change{stroke:#4A5963;stroke-width:1.5;stroke-dasharray:1 5}
</style>"""
WIDE = re.compile(r'(<svg class="chart-svg chart-wide"[^>]*>)')
NARROW = re.compile(r'<svg class="chart-svg chart-narrow".*?</svg>', re.DOTALL)
TOLD = re.compile(r"</title><desc[^>]*>(.*?)</desc>", re.DOTALL)
SCRIPTS = re.compile(r"<script.*?</script>|<link [^>]*>", re.DOTALL)


def pdf_of(html: str) -> bytes:
    """Return the page as a tagged PDF. Raises NotAllowedNow where the system has no Pango."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - heavy, and it may be missing
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise NotAllowedNow(_l("This server cannot make a PDF. Print the page instead.")) from error

    class OurFonts(URLFetcher):  # type: ignore[misc]
        """Reads fonts of ours and nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
            return URLFetcherResponse(url, font_of(url), {"Content-Type": "font/woff2"})

    made = HTML(string=_for_paper(html), url_fetcher=OurFonts(), base_url="static:/")
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1"))


def _for_paper(html: str) -> str:
    """Take out what only a browser needs, and give each chart its colours.

    The text alternative of a chart is its title here: what the chart tells goes into it.
    """
    plain = NARROW.sub("", SCRIPTS.sub("", html))
    return TOLD.sub(r". \1</title>", WIDE.sub(r"\1" + CHART_STYLE, plain))


def font_of(url: str) -> bytes:
    """Return a font of ours, and refuse every other address: nobody learns that a summary was printed."""
    name = url.removeprefix("static:").lstrip("/")
    path = (resources.STATIC / name).resolve()
    if path.suffix != ".woff2" or not path.is_relative_to(resources.STATIC.resolve()):
        raise ValueError(f"not for a PDF: {url}")
    return path.read_bytes()
