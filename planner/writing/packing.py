"""Several files as one: browsers save no more than a few at once, and say nothing of the rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from planner.writing.exports import File

# A fixed time, so that the same plan gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def packed(files: Sequence[File], name: str) -> tuple[File, ...]:
    """Return one file as it is, several as one archive of this name."""
    if len(files) == 1:
        return tuple(files)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for file in files:
            member = zipfile.ZipInfo(file.name, _TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(member, file.content)
    return (File(f"{name}.zip", "application/zip", archive.getvalue()),)
