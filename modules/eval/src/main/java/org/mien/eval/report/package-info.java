/**
 * The page that tells a person what one run found.
 *
 * <p>{@link org.mien.eval.report.ReportData} holds everything the page shows and is kept as {@code
 * report-data.json}, so the page can be made again from files. {@link
 * org.mien.eval.report.HtmlReport} turns it into one self-contained HTML file. Nothing is measured
 * here: figures, curves and intervals arrive finished. What belongs here is wording ({@link
 * org.mien.eval.report.Verdict}), number formats, plots and the templates in {@code src/main/jte}.
 *
 * <p>Plots are written as SVG directly, without AWT: labels stay text, colours follow the reader's
 * light or dark setting, and a Java without fontconfig (many servers and containers) can still
 * write the report of a finished training. XChart on Batik was tried first: it draws letters as
 * outlines, one plot took 288 kB, and it fails with an InternalError where fontconfig is missing.
 */
package org.mien.eval.report;
