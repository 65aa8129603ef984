"""`python -m operate` is the command `nerirepo`."""

from operate.commands.cli import main

main()
