//! What the invoices of an account sum up to, kept by the database itself: a list says it without being read.
use crate::{reference, table};
use sea_orm_migration::{
    prelude::*,
    schema::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// This step.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// A table of sums: a row for each account, currency and value of one column more.
struct Sums {
    table: &'static str,
    column: &'static str,
    /// What an invoice has in that column; on SQLite, and on PostgreSQL.
    value: [&'static str; 2],
    /// Which invoices count.
    condition: &'static str,
}

const SUMS: [Sums; 2] = [
    Sums {
        table: "invoice_month",
        column: "first_day",
        value: [
            "date({row}.issue_date, 'start of month')",
            "date_trunc('month', {row}.issue_date)::date",
        ],
        condition: "{row}.account_id IS NOT NULL",
    },
    Sums {
        table: "invoice_due",
        column: "due_date",
        value: [
            "coalesce({row}.due_date, '9999-12-31')",
            "coalesce({row}.due_date, date '9999-12-31')",
        ],
        condition: "{row}.account_id IS NOT NULL AND {open}",
    },
];

/// What makes an invoice a credit note, which counts less than zero: the codes of UNTDID 1001 that the product knows.
const CREDIT: &str = "{row}.type_code IN ('381', '81', '83', '261', '262', '296', '308', '396', '420', '458', '532')";

/// That something of an invoice is to be paid.
const OPEN: &str =
    "(NOT {credit} AND {row}.payable > 0 AND ({row}.paid_total IS NULL OR {row}.paid_total < {row}.payable))";

/// The columns of an invoice that a sum depends on.
const COUNTED: &str = "account_id, issue_date, due_date, currency, type_code, gross_total, payable, paid_total";

/// The SQL of a row: a table's name, or what a trigger calls the row that it is about.
fn of(row: &str, sql: &str) -> String {
    sql.replace("{open}", OPEN)
        .replace("{credit}", CREDIT)
        .replace("{row}", row)
}

impl Sums {
    /// What each invoice counts, in the columns of the table; `sign` is 1, or -1 to take it away again.
    fn counted(&self, backend: DbBackend, sign: i8) -> String {
        let value = self.value[usize::from(backend != DbBackend::Sqlite)];
        format!(
            "SELECT {{row}}.account_id AS account_id, {value} AS {}, {{row}}.currency AS currency, {sign} AS count, \
             {sign} * CASE WHEN {{credit}} THEN -{{row}}.gross_total ELSE {{row}}.gross_total END AS total, \
             {sign} * CASE WHEN {{open}} THEN {{row}}.payable - coalesce({{row}}.paid_total, 0) ELSE 0 END AS due",
            self.column
        )
    }

    /// Brings what is there already into the table.
    fn fill(&self, backend: DbBackend) -> String {
        let Self { table, column, .. } = self;
        let counted = self.counted(backend, 1);
        let sql = format!(
            "INSERT INTO {table} (account_id, {column}, currency, count, total, due) \
             SELECT account_id, {column}, currency, count(*), CAST(sum(total) AS bigint), CAST(sum(due) AS bigint) \
             FROM ({counted} FROM invoice WHERE {}) AS counted GROUP BY account_id, {column}, currency",
            self.condition
        );
        of("invoice", &sql)
    }

    /// Counts the row of a trigger.
    fn add(&self, backend: DbBackend) -> String {
        self.change(backend, "NEW", 1)
    }

    /// Takes the row of a trigger away again, and with the last invoice the sum.
    fn remove(&self, backend: DbBackend) -> String {
        let emptied = format!(
            "DELETE FROM {} WHERE account_id = OLD.account_id AND count = 0;",
            self.table
        );
        self.change(backend, "OLD", -1) + " " + &emptied
    }

    fn change(&self, backend: DbBackend, row: &str, sign: i8) -> String {
        let Self {
            table,
            column,
            condition,
            ..
        } = self;
        let sql = format!(
            "INSERT INTO {table} (account_id, {column}, currency, count, total, due) {} WHERE {condition} \
             ON CONFLICT (account_id, {column}, currency) DO UPDATE SET count = {table}.count + excluded.count, \
             total = {table}.total + excluded.total, due = {table}.due + excluded.due;",
            self.counted(backend, sign)
        );
        of(row, &sql)
    }
}

/// What makes the database keep the sums, a statement each.
fn triggers(backend: DbBackend) -> Vec<String> {
    let all = |sql: fn(&Sums, DbBackend) -> String| SUMS.iter().map(|sums| sql(sums, backend)).collect::<String>();
    let (add, remove) = (all(Sums::add), all(Sums::remove));
    if backend == DbBackend::Sqlite {
        return vec![
            format!("CREATE TRIGGER invoice_added AFTER INSERT ON invoice BEGIN {add} END"),
            format!("CREATE TRIGGER invoice_removed AFTER DELETE ON invoice BEGIN {remove} END"),
            format!("CREATE TRIGGER invoice_changed AFTER UPDATE OF {COUNTED} ON invoice BEGIN {remove} {add} END"),
        ];
    }
    let function = |name: &str, body: &str| {
        format!("CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
    };
    let trigger = |name: &str, event: &str| {
        format!("CREATE TRIGGER {name} AFTER {event} ON invoice FOR EACH ROW EXECUTE FUNCTION {name}()")
    };
    vec![
        function("invoice_added", &add),
        function("invoice_removed", &remove),
        function("invoice_changed", &format!("{remove} {add}")),
        trigger("invoice_added", "INSERT"),
        trigger("invoice_removed", "DELETE"),
        trigger("invoice_changed", &format!("UPDATE OF {COUNTED}")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        // on SQLite too: of a step that was cut off nothing stays
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        for sums in &SUMS {
            let key = Index::create()
                .col("account_id")
                .col(sums.column)
                .col("currency")
                .to_owned();
            manager
                .create_table(
                    table(sums.table)
                        .col(uuid("account_id"))
                        .col(date(sums.column))
                        .col(string("currency"))
                        .col(big_integer("count"))
                        .col(big_integer("total"))
                        .col(big_integer("due"))
                        .primary_key(&mut key.clone())
                        .foreign_key(&mut reference(sums.table, "account_id", "account"))
                        .to_owned(),
                )
                .await?;
            db.execute_unprepared(&sums.fill(backend)).await?;
        }
        for sql in triggers(backend) {
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
