"""Turns the wheel: orders the steps, runs them, keeps proposals, approves, carries out."""
