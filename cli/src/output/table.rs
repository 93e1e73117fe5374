//! Columns that line up, cut to the width there is.

use unicode_width::UnicodeWidthStr;

use super::human::{bold, fitted};

/// Which side of its column a cell stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table whose last left-aligned column gives way where the width is short.
#[derive(Debug)]
pub(crate) struct Table {
    heads: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(heads: &[(&'static str, Align)]) -> Self {
        Self {
            heads: heads.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row of plain cells; missing ones stay empty.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table in `width` columns, each line beginning with two spaces.
    pub(crate) fn render(&self, width: usize) -> String {
        let mut widths: Vec<usize> = self
            .heads
            .iter()
            .enumerate()
            .map(|(at, (head, _))| {
                let cells = self.rows.iter().filter_map(|row| row.get(at));
                cells
                    .map(|cell| cell.width())
                    .max()
                    .unwrap_or(0)
                    .max(head.width())
            })
            .collect();
        let used: usize = 2 + widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
        let gives_way = self
            .heads
            .iter()
            .rposition(|(_, align)| *align == Align::Left);
        if let Some(column) = gives_way.and_then(|at| widths.get_mut(at)) {
            *column = column.saturating_sub(used.saturating_sub(width)).max(8);
        }
        let mut text = String::new();
        if self.heads.iter().any(|(head, _)| !head.is_empty()) {
            let heads: Vec<String> = self
                .heads
                .iter()
                .map(|(head, _)| (*head).to_owned())
                .collect();
            text.push_str(&self.line(&heads, &widths, true));
        }
        for row in &self.rows {
            text.push_str(&self.line(row, &widths, false));
        }
        text
    }

    fn line(&self, cells: &[String], widths: &[usize], head: bool) -> String {
        let mut line = String::from(" ");
        for ((cell, width), (_, align)) in cells.iter().zip(widths).zip(&self.heads) {
            let cell = fitted(cell, *width);
            let room = " ".repeat(width.saturating_sub(cell.width()));
            let cell = if head { bold(&cell) } else { cell };
            line.push(' ');
            match align {
                Align::Left => line.extend([cell, room]),
                Align::Right => line.extend([room, cell]),
            }
            line.push(' ');
        }
        format!("{}\n", line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_the_text_column_gives_way() {
        let mut table = Table::new(&[("name", Align::Left), ("bytes", Align::Right)]);
        table.row(["a".to_owned(), "1".to_owned()]);
        table.row(["a name that is long".to_owned(), "12,345".to_owned()]);
        let plain = |width| anstream::adapter::strip_str(&table.render(width)).to_string();
        assert_eq!(
            plain(80),
            "  name                  bytes\n  a                         1\n  a name that is long  12,345\n"
        );
        assert!(
            plain(24).lines().all(|line| line.width() <= 24),
            "{}",
            plain(24)
        );
    }
}
