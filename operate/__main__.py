"""`python -m operate` is the command `nerirepo`."""

from operate.cli import main

main()
