//! 本项目约定: what a site agrees where the document is silent. Shown as such, hashed apart from the facts.

use jiff::civil::Date;

use super::toml_reader::row;
use crate::calendar::{DayOverride, MonthDay, OfficeHours, Season, Window};
use crate::clock::{SystemClass, Target, TargetCalendar};

row! {
    /// The settings of one site.
    pub struct Settings {
        contract: String,
        note: Option<String>,
        /// Day of the phase acceptance from which periods in months count.
        acceptance_date: Option<Date>,
        /// Points of a limit, in percent used, at which a clock warns.
        warning_percent: Vec<u32>,
        office_hours: Vec<OfficeHoursSetting>,
        day: Vec<DaySetting>,
        pause: Vec<PauseSetting>,
        vip: Vec<VipSetting>,
        system_class: Vec<SystemClassSetting>,
        limit: Vec<LimitSetting>,
        calendar: Vec<CalendarSetting>,
    }
}

row! {
    /// Office hours of a season.
    pub struct OfficeHoursSetting {
        from: Option<MonthDay>,
        to: Option<MonthDay>,
        divisions: Vec<String>,
        windows: Vec<Window>,
        note: Option<String>,
    }
}

row! {
    /// The buyer's own arrangement of one date.
    pub struct DaySetting {
        date: Date,
        divisions: Vec<String>,
        windows: Vec<Window>,
        reason: String,
    }
}

row! {
    /// A reason for which a suspension stops the clock.
    pub struct PauseSetting {
        reason: String,
        note: Option<String>,
    }
}

row! {
    /// A VIP post (never a person's name).
    pub struct VipSetting {
        name: String,
        note: Option<String>,
    }
}

row! {
    /// Class of one object.
    pub struct SystemClassSetting {
        object: String,
        class: SystemClass,
    }
}

row! {
    /// A limit agreed instead of the printed one.
    pub struct LimitSetting {
        rule: String,
        target: Target,
        minutes: u32,
        note: Option<String>,
    }
}

row! {
    /// The calendar that some targets run on.
    pub struct CalendarSetting {
        rules: Vec<String>,
        targets: Vec<Target>,
        calendar: TargetCalendar,
        note: Option<String>,
    }
}

impl Settings {
    /// Settings that settle nothing.
    #[must_use]
    pub fn none(contract: &str) -> Self {
        Self {
            contract: contract.to_owned(),
            note: None,
            acceptance_date: None,
            warning_percent: Vec::new(),
            office_hours: Vec::new(),
            day: Vec::new(),
            pause: Vec::new(),
            vip: Vec::new(),
            system_class: Vec::new(),
            limit: Vec::new(),
            calendar: Vec::new(),
        }
    }

    /// The agreed office hours and days.
    #[must_use]
    pub fn hours(&self) -> OfficeHours {
        let seasons = self.office_hours.iter().map(|season| Season {
            from: season.from,
            to: season.to,
            divisions: season.divisions.clone(),
            windows: season.windows.clone(),
            source: "setting".to_owned(),
        });
        let days = self.day.iter().map(|day| DayOverride {
            date: day.date,
            divisions: day.divisions.clone(),
            windows: day.windows.clone(),
            reason: day.reason.clone(),
        });
        OfficeHours { seasons: seasons.collect(), days: days.collect() }
    }
}
