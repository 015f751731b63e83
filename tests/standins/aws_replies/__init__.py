"""An account of AWS that answers what it was told to, and refuses everything else."""
