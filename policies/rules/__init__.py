"""The rules, one room per vendor and topic. Importing a room registers its rules."""
