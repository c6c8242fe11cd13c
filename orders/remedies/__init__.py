"""What would make a failed order pass: found by judging supposed facts, offered as things to do."""
