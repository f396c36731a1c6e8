//! What leaves the program as a picture or a document: charts, lists and rosters as files, calendars.
//!
//! Promises: a function of its arguments; charts are SVG text whose fonts are named by CSS family and never
//! measured here, so that no font file is needed and the reader's own are used. Left out: reading
//! data (the caller hands in numbers and rows) and Chinese texts other than the chart's own labels.

mod attendance;
mod bars;
mod count;
mod ics;
mod load;
mod met_missed;
mod roster;
mod stock;
mod table;

pub use attendance::{AttendanceBook, DivisionSheet, SheetDay, SheetPerson, attendance_xlsx};
pub use bars::{NamedBar, named_bars};
pub use count::{CountBar, count_bars};
pub use ics::{DutyCalendar, DutyEntry, duty_ics};
pub use load::{LoadBar, load_bars, year_heat};
pub use met_missed::{ChartError, Theme, WeekBar, met_missed};
pub use roster::{FormRow, Paper, RosterForm, RosterTemplate, roster_template, roster_xlsx};
pub use stock::stock_line;
pub use table::{
    CELLS_MAX, Column, FILE_BYTES_MAX, Table, TableError, csv, defused, is_xlsx, read_xlsx, text_of_csv,
    undefused, xlsx,
};
