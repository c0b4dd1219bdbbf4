"""Words everybody shares: errors, money, time, ids, random streams, wording. Imports nobody."""
