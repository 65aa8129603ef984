"""Which seeds does a case run with? One by default; `FAULTS_SEEDS=1,2,3` for the full measure."""

import os

import pytest

SEEDS = [int(each) for each in os.environ.get("FAULTS_SEEDS", "1").split(",")]

with_seeds = pytest.mark.parametrize("seed", SEEDS)
