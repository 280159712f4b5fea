"""What a log's answers to its campaigns say: rows, page and picture, and the assumptions that follow from them."""
