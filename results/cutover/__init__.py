"""The blast radius of a cut-over: what launch morning does to members, before anything is simulated forward."""
