package org.mien.trainer.observe;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * Writes {@code train.csv}: a row an epoch, and behind the columns of the identities two for each
 * further task: its loss and its accuracy or mean absolute error on the validation rows.
 */
public final class TrainCsv {
  private TrainCsv() {}

  /** Writes all epochs so far; a resumed training thus leaves no row twice. */
  public static void write(Path file, List<EpochRecord> epochs) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      List<String> header =
          new ArrayList<>(
              List.of(
                  "epoch",
                  "steps",
                  "learningRate",
                  "trainingLoss",
                  "validationLoss",
                  "validationAccuracy",
                  "seconds"));
      for (TaskScore task : epochs.isEmpty() ? List.<TaskScore>of() : epochs.get(0).tasks()) {
        header.add("task." + task.name() + ".validationLoss");
        header.add("task." + task.name() + "." + validation(task.measure().word()));
      }
      csv.writeRecord(header);
      for (EpochRecord epoch : epochs) {
        List<String> row =
            new ArrayList<>(
                List.of(
                    Integer.toString(epoch.epoch()),
                    Long.toString(epoch.steps()),
                    number(epoch.learningRate()),
                    number(epoch.trainingLoss()),
                    number(epoch.validationLoss()),
                    number(epoch.validationAccuracy()),
                    String.format(Locale.ROOT, "%.3f", epoch.seconds())));
        for (TaskScore task : epoch.tasks()) {
          row.add(number(task.loss()));
          row.add(number(task.value()));
        }
        csv.writeRecord(row);
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be written", e);
    }
    AtomicFiles.writeString(file, text.toString());
  }

  private static String validation(String measure) {
    return "validation" + measure.substring(0, 1).toUpperCase(Locale.ROOT) + measure.substring(1);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
  }
}
