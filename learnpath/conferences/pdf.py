"""A summary as a PDF: tagged for reading aloud, one sheet of Letter paper, with nothing from the network.

WeasyPrint needs Pango from the system. Where that is missing, people are told to print the page.
"""

from __future__ import annotations

import re
from pathlib import Path

from learnpath import resources
from learnpath.errors import NotAllowedNow
from learnpath.wording import lazy as _l

# The SVG of a chart takes its colours from the page's style sheet, which does not reach into it here.
CHART_STYLE = """<style>
text{font:500 16px "Atkinson Hyperlegible Next",sans-serif;fill:#1E2A32}
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
SCRIPTS = re.compile(r"<script.*?</script>|<link [^>]*>", re.DOTALL)


def pdf_of(html: str) -> bytes:
    """Return the page as a tagged PDF. Raises NotAllowedNow where the system has no Pango."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - heavy, and it may be missing
    except (ImportError, OSError) as error:
        raise NotAllowedNow(_l("This server cannot make a PDF. Print the page instead.")) from error
    made = HTML(string=_for_paper(html), url_fetcher=_only_our_fonts, base_url="static:/")
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1"))


def _for_paper(html: str) -> str:
    """Take out what only a browser needs, and give each chart its colours."""
    return WIDE.sub(r"\1" + CHART_STYLE, NARROW.sub("", SCRIPTS.sub("", html)))


def _only_our_fonts(url: str, *_args: object, **_kwargs: object) -> dict[str, object]:
    """Read a font of ours, and refuse every other address: nobody learns that a summary was printed."""
    name = url.removeprefix("static:/").lstrip("/")
    path = (resources.STATIC / name).resolve()
    if path.suffix != ".woff2" or not path.is_relative_to(Path(resources.STATIC).resolve()):
        raise ValueError(f"not for a PDF: {url}")
    return {"string": path.read_bytes(), "mime_type": "font/woff2"}
