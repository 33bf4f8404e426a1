describe {{ table }}
