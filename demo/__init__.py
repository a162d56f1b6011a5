"""The sample newsroom: invented outlets served on loopback, with the truth about them beside it. Nothing of the product imports it."""
