package org.mien.trainer.observe;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/** Writes {@code train.csv}: a row an epoch. */
public final class TrainCsv {
  private TrainCsv() {}

  /** Writes all epochs so far; a resumed training thus leaves no row twice. */
  public static void write(Path file, List<EpochRecord> epochs) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(
          "epoch",
          "steps",
          "learningRate",
          "trainingLoss",
          "validationLoss",
          "validationAccuracy",
          "seconds");
      for (EpochRecord epoch : epochs) {
        csv.writeRecord(
            Integer.toString(epoch.epoch()),
            Long.toString(epoch.steps()),
            number(epoch.learningRate()),
            number(epoch.trainingLoss()),
            number(epoch.validationLoss()),
            number(epoch.validationAccuracy()),
            String.format(Locale.ROOT, "%.3f", epoch.seconds()));
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be written", e);
    }
    AtomicFiles.writeString(file, text.toString());
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
  }
}
