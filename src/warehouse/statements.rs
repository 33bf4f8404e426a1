//! Statements that several stages ask, whatever the table: DDL, counts, the first rows.

/// Makes a schema, unless it is there.
#[must_use]
pub fn create_schema_sql(schema: &str) -> String {
    format!("create schema if not exists {schema}")
}

/// Makes an empty table, replacing one that is there; a column is its name with its type.
#[must_use]
pub fn create_table_sql(relation: &str, columns: &[String]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("    {column}"))
        .collect();
    format!(
        "create or replace table {relation} (\n{}\n)",
        columns.join(",\n")
    )
}

/// Makes a view, replacing one that is there.
#[must_use]
pub fn create_view_sql(relation: &str, select: &str) -> String {
    format!("create or replace view {relation} as\n{select}")
}

/// How many rows a statement has.
#[must_use]
pub fn count_sql(sql: &str) -> String {
    format!("select count(*) from (\n{sql}\n) as all_rows")
}

/// The first rows of a statement.
#[must_use]
pub fn first_rows_sql(sql: &str, limit: u64) -> String {
    format!("select * from (\n{sql}\n) as all_rows limit {limit}")
}

/// All rows of a table.
#[must_use]
pub fn all_rows_sql(relation: &str) -> String {
    format!("select * from {relation}")
}

/// The columns of all tables and views of some schemas of a database: the table with its schema, name and type.
#[must_use]
pub fn columns_sql(database: &str, schemas: &[&str]) -> String {
    let schemas: Vec<String> = schemas.iter().map(|schema| literal(schema)).collect();
    format!(
        "select schema_name || '.' || table_name as relation, column_name, data_type from duckdb_columns() where database_name = {} and schema_name in ({}) order by relation, column_index",
        literal(database),
        schemas.join(", ")
    )
}

/// How many rows each of some tables has: one row, a column a table.
#[must_use]
pub fn counts_sql<'a>(relations: impl IntoIterator<Item = &'a str>) -> String {
    let counts = relations.into_iter();
    let counts = counts.map(|relation| format!("(select count(*) from {relation})"));
    format!("select {}", counts.collect::<Vec<_>>().join(", "))
}

/// A statement that fails with a fault.
#[must_use]
pub fn failing_sql(fault: &str) -> String {
    format!("select error({})", literal(fault))
}

/// A word as an SQL literal.
#[must_use]
pub fn literal(word: &str) -> String {
    format!("'{}'", word.replace('\'', "''"))
}
