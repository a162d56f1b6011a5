"""The helpers that lie beside these tests (builders, sample_coverage) can be imported by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
