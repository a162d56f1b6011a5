"""Publishing a :class:`builders.World` without the audit, which has tests of its own and takes seconds to load."""

from __future__ import annotations

from typing import Any

import pytest
from builders import World

from warehouse import publish


def publish_unaudited(world: World, **values: Any) -> None:
    """The published file at ``world.target``; ``values`` as of ``World.publish``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "audit", lambda *arguments, **options: [])
        assert world.publish(**values).snapshot_hash is not None
