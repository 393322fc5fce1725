// What a benchmark hands back, and how it is shown: tables, targets, notes.
//
//   { title, tables: [{ title, columns, rows }], notes,
//     targets: [{ what, target, measured, met }] }

/** A figure against a limit: `compare` is '<=' or '>='. */
export function target(what, compare, limit, measured, unit = '') {
  const met = compare === '<=' ? measured <= limit : measured >= limit;
  const shown = Number.isFinite(measured) ? `${round(measured)}${unit}` : 'not measured';
  return { what, target: `${compare} ${limit}${unit}`, measured: shown, met };
}

function round(value) {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(3));
}

export function ratio(ours, theirs) {
  return `${(ours / theirs).toFixed(2)}x`;
}

/** @param {string[][]} rows */
function padded(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => String(row[at]).length)));
  return rows.map((row) => row.map((cell, at) => (
    at === 0 ? String(cell).padEnd(widths[at]) : String(cell).padStart(widths[at]))));
}

export function asText(result) {
  const lines = [`== ${result.title}`];
  for (const table of result.tables) {
    lines.push('', table.title);
    for (const row of padded([table.columns, ...table.rows])) lines.push(`  ${row.join('  ')}`);
  }
  lines.push('');
  for (const { what, target: limit, measured, met } of result.targets) {
    lines.push(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${measured} (${limit})`);
  }
  for (const note of result.notes ?? []) lines.push(`  ${note}`);
  return `${lines.join('\n')}\n`;
}

export function asMarkdown(result) {
  const lines = [`## ${result.title}`];
  const table = (columns, rows) => {
    lines.push('', `| ${columns.join(' | ')} |`, `|${columns.map(() => '---').join('|')}|`);
    for (const row of rows) lines.push(`| ${row.join(' | ')} |`);
  };
  for (const { title, columns, rows } of result.tables) {
    lines.push('', `${title}:`);
    table(columns, rows);
  }
  lines.push('');
  for (const note of result.notes ?? []) lines.push(`- ${note}`);
  table(
    ['target', 'limit', 'measured', ''],
    result.targets.map(({ what, target: limit, measured, met }) => (
      [what, limit, measured, met ? 'met' : '**missed**'])),
  );
  return `${lines.join('\n')}\n`;
}
