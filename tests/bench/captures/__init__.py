"""What invented captures are made of: visits of sites, requests, bodies of answers, entries as Chrome writes them."""
