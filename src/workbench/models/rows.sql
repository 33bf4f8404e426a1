select * from {{ relation }}{{ ' limit ' ~ limit if limit }}
