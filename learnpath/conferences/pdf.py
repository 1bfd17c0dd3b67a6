"""A summary as a PDF: one sheet of Letter paper, its charts with their colours and with what they tell.

With more to say the letters are smaller, down to what can still be read. What does not fit then takes as
many sheets as it needs, in the usual size, each with its number.
"""

from __future__ import annotations

import re

from learnpath.pdf import pdf_from

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
# In points, by how much there is: the first with which all is on one sheet.
SIZES = {"": (9.5, 8.5, 7.5), "much": (8.5, 7.5), "very-much": (7.5,)}
WIDE = re.compile(r'(<svg class="chart-svg chart-wide"[^>]*>)')
NARROW = re.compile(r'<svg class="chart-svg chart-narrow".*?</svg>', re.DOTALL)
TOLD = re.compile(r"</title><desc[^>]*>(.*?)</desc>", re.DOTALL)
SCRIPTS = re.compile(r"<script.*?</script>|<link [^>]*>", re.DOTALL)


def pdf_of(html: str, density: str = "") -> bytes:
    """Return the page as a tagged PDF. Raises NotAllowedNow where the system has no Pango."""
    return pdf_from(_for_paper(html), SIZES.get(density, ()))


def _for_paper(html: str) -> str:
    """Take out what only a browser needs, and give each chart its colours.

    The text alternative of a chart is its title here: what the chart tells goes into it.
    """
    plain = NARROW.sub("", SCRIPTS.sub("", html))
    return TOLD.sub(r". \1</title>", WIDE.sub(r"\1" + CHART_STYLE, plain))
