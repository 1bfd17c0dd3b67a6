"""A piece of work as a file: what it really is, and what of it is kept.

The kind is read from the content, never from the name. A picture is drawn anew, upright and no larger than a
screen needs: whatever came along in the file (where and when it was taken, with which device, a page of script
behind the picture) stays behind. A PDF is kept as it is, to be downloaded and never shown by us.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from PIL import Image, ImageFile, ImageOps

from learnpath.errors import WrongInput
from learnpath.goals.models import FileKind
from learnpath.wording import lazy as _l

LONGEST_EDGE = 2000
SMALL_EDGE = 360
# A phone's largest photo. More is a picture that was made to fill memory.
MOST_PIXELS = 50_000_000
LONGEST_NAME = 80
JPEG_QUALITY = 85
LARGE_PNG = 1_000_000
FIELD = "files"

EMPTY = _l("This file is empty. Choose it once more.")
NOT_WHOLE = _l("This file cannot be read. It may be broken. Try another copy.")
TOO_BIG = _l("This picture is too big. Make it smaller, or take a new one.")
HEIC = _l("This photo is of a kind (HEIC) that we cannot read. Save it as JPEG and try again.")
OTHER_KIND = _l("You can add a picture (JPEG, PNG or WebP) or a PDF.")

# Pictures take much memory while they are drawn: a process draws one at a time.
_one_at_a_time = threading.Lock()


MEDIA_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.PDF: "application/pdf",
}
ENDINGS = {FileKind.JPEG: ".jpg", FileKind.PNG: ".png", FileKind.PDF: ".pdf"}


@dataclass(frozen=True)
class WorkFile:
    """A file as it is kept: its name for people to read, its bytes, and a small picture of it."""

    name: str
    kind: FileKind
    content: bytes
    small: bytes | None = None

    @property
    def sha256(self) -> str:
        """The digest of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def read(name: str, content: bytes) -> WorkFile:
    """Return a file as it will be kept. Raises WrongInput, saying what to do, for one that cannot be."""
    if not content:
        raise WrongInput(FIELD, EMPTY)
    if content.startswith(b"%PDF-"):
        return _pdf(name, content)
    form = _form_of(content)
    if form is None:
        raise WrongInput(FIELD, HEIC if _is_heic(content) else OTHER_KIND)
    with _one_at_a_time:
        return _picture(name, content, form)


def _pdf(name: str, content: bytes) -> WorkFile:
    if b"%%EOF" not in content[-2048:]:
        raise WrongInput(FIELD, NOT_WHOLE)
    return WorkFile(shown_name(name, FileKind.PDF), FileKind.PDF, content)


def _form_of(content: bytes) -> str | None:
    """Return what Pillow calls the form of a picture, by its first bytes."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in {
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif",
    }  # fmt: skip


def _picture(name: str, content: bytes, form: str) -> WorkFile:
    try:
        drawn = _drawn(content, form)
    except WrongInput:
        raise
    except Exception as error:  # a broken picture fails in many ways, and none of them is ours
        raise WrongInput(FIELD, NOT_WHOLE) from error
    kind = FileKind.PNG if form == "PNG" or drawn.mode == "RGBA" else FileKind.JPEG
    kept = _bytes_of(drawn, kind)
    if kind is FileKind.PNG and len(kept) > LARGE_PNG:  # a photo, not a drawing or a page
        kind, kept = FileKind.JPEG, _bytes_of(drawn, FileKind.JPEG)
    drawn.thumbnail((SMALL_EDGE, SMALL_EDGE))
    return WorkFile(shown_name(name, kind), kind, kept, _bytes_of(drawn, FileKind.JPEG))


def _drawn(content: bytes, form: str) -> Image.Image:
    """Return the picture upright, of a bounded size, with its colours and nothing else."""
    with Image.open(BytesIO(content), formats=[form]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise WrongInput(FIELD, TOO_BIG)
        # Making a PDF turns this on for the whole process; half a picture is no sample of work.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is read at half its size
        opened.load()
        see_through = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
        upright = ImageOps.exif_transpose(opened)
        plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    plain.info = {}
    return plain


def _bytes_of(picture: Image.Image, kind: FileKind) -> bytes:
    kept = BytesIO()
    if kind is FileKind.PNG:
        picture.save(kept, "PNG")
    else:
        _on_white(picture).save(kept, "JPEG", quality=JPEG_QUALITY)
    return kept.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def shown_name(name: str, kind: FileKind) -> str:
    """Return a file's name for people to read, with the ending of what it is."""
    stem = PurePosixPath(last_name(name)).stem[:LONGEST_NAME].strip(" .")
    return (stem or str(_l("My work"))) + ENDINGS[kind]


def last_name(name: str) -> str:
    """Return a file's name without its folders and without hidden signs."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return " ".join(re.sub(r'["<>|:*?;%]', " ", visible).split()).strip(" .")[: 2 * LONGEST_NAME]
