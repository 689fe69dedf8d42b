package org.mien.data.prepare;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;
import org.mien.data.align.AlignedImage;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.image.FacePoints;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/**
 * Writes an aligned copy of a data set: {@code images/} with a picture for each sample, named by
 * its key; {@code manifest.csv}; {@code skipped.csv} with {@code key,reason}; {@code prepared.json}
 * with parameters and counts.
 *
 * <p>{@code manifest.csv} has a row for each picture, in the order of the data set, with the
 * columns
 *
 * <ul>
 *   <li>{@code key}, {@code file} (relative to the manifest), {@code identity},
 *   <li>the attributes of the samples, in alphabetical order; one named like a column of the others
 *       is called {@code attribute-NAME},
 *   <li>{@code original-fingerprint}, {@code bytes} of the picture's file,
 *   <li>{@code x1, y1} to {@code x5, y5}: where the face's five points are seen in the picture,
 *   <li>{@code scale} by which the original was enlarged, {@code residual}: the root mean squared
 *       distance of the five points from the template's in pixels, {@code score} of the detector.
 * </ul>
 *
 * Cells are empty where nothing is known.
 *
 * <p>A run that was stopped, or died, goes on when it is run again with the same arguments, and
 * ends with the same bytes as one that was never stopped, whatever the number of threads. What is
 * done is known from a journal; the size of each picture is checked, its content and the original
 * are not read again. A sample that could not be used is tried anew. Memory: 16 bytes a sample.
 */
public final class DatasetPreparation {
  private static final List<String> BEFORE_ATTRIBUTES = List.of("key", "file", "identity");
  private static final List<String> AFTER_ATTRIBUTES =
      List.of(
          "original-fingerprint",
          "bytes",
          "x1",
          "y1",
          "x2",
          "y2",
          "x3",
          "y3",
          "x4",
          "y4",
          "x5",
          "y5",
          "scale",
          "residual",
          "score");

  /** Where {@code bytes} stands among the cells. */
  private static final int BYTES = 1;

  private static final int LONGEST_REASON = 1000;
  private static final long MILLISECONDS_BETWEEN_REPORTS = 100;

  private final FaceSamples samples;
  private final PreparationOptions options;
  private final PreparedFolder folder;
  private final PictureNames names;
  private final Journal journal;
  private final BooleanSupplier stop;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger reused = new AtomicInteger();
  private final AtomicInteger skipped = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  private DatasetPreparation(
      FaceSamples samples,
      PreparationOptions options,
      PreparedFolder folder,
      Journal journal,
      BooleanSupplier stop) {
    this.samples = samples;
    this.options = options;
    this.folder = folder;
    this.names = new PictureNames(samples, options.format().extension());
    this.journal = journal;
    this.stop = stop;
  }

  /**
   * Writes the copy, or goes on with it.
   *
   * @param source the data set as it is
   * @param alignment how each picture is made
   * @param out a new or empty folder, or one that an earlier run began
   * @param options of the writing
   * @param progress is told of samples tried; from the caller's thread only
   * @param stop is asked before each image, by several threads; once true, images in hand are
   *     finished and the run returns
   * @throws org.mien.core.error.ConfigException if the folder holds something else or was begun
   *     with other parameters, or another process writes it
   * @throws DataException if the folder cannot be written, for example because the disk is full;
   *     the run can go on later
   */
  public static PreparationResult run(
      FaceManifest source,
      AlignmentConfig alignment,
      Path out,
      PreparationOptions options,
      Progress.Factory progress,
      BooleanSupplier stop) {
    PreparationRecord parameters = parameters(source, alignment, options);
    FaceManifest aligned = alignment.apply(source);
    try (PreparedFolder folder = PreparedFolder.open(out, parameters);
        Journal journal = Journal.open(folder.journal(), source.samples().size())) {
      DatasetPreparation run =
          new DatasetPreparation(aligned.samples(), options, folder, journal, stop);
      run.writePictures(progress);
      boolean complete = run.next.get() >= run.samples.size();
      if (complete) {
        run.finish(source.skipped(), parameters);
      }
      return new PreparationResult(
          out,
          run.samples.size(),
          run.written.get(),
          run.reused.get(),
          run.skipped.get(),
          complete);
    }
  }

  private static PreparationRecord parameters(
      FaceManifest source, AlignmentConfig alignment, PreparationOptions options) {
    FaceSamples samples = source.samples();
    Fingerprint fingerprint = new Fingerprint().add(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      fingerprint.add(samples.key(i)).add(samples.identity(i));
    }
    return new PreparationRecord(
        PreparationRecord.VERSION,
        source.name(),
        samples.size(),
        fingerprint.hex(),
        alignment.describe(),
        options.format() == ImageFormat.JPG ? "jpg quality " + options.jpegQuality() : "png",
        false,
        0,
        0);
  }

  private void writePictures(Progress.Factory factory) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            options.threads(),
            task -> {
              Thread thread = new Thread(task, "mien-prepare");
              thread.setDaemon(true);
              return thread;
            });
    boolean interrupted = false;
    try (Progress progress = factory.start("prepare", "images", samples.size())) {
      for (int worker = 0; worker < options.threads(); worker++) {
        int number = worker;
        threads.execute(() -> work(number));
      }
      threads.shutdown();
      boolean ended = false;
      while (!ended) {
        try {
          ended = threads.awaitTermination(MILLISECONDS_BETWEEN_REPORTS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          stopped = true; // images in hand take milliseconds
        }
        progress.advanceTo(written.get() + reused.get() + skipped.get());
      }
    } catch (RuntimeException | Error e) { // the display's: nobody may write once this returns
      failure.compareAndSet(null, e);
      threads.shutdown();
      interrupted |= awaitEnd(threads);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable problem = failure.get();
    if (problem instanceof RuntimeException runtime) {
      throw runtime;
    } else if (problem instanceof Error error) {
      throw error;
    }
  }

  /** Returns whether the thread was interrupted meanwhile. */
  private static boolean awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          return interrupted;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  private void work(int worker) {
    try {
      while (failure.get() == null && !stopped) {
        if (stop.getAsBoolean()) {
          stopped = true;
          return;
        }
        int index = next.getAndIncrement();
        if (index >= samples.size()) {
          next.set(samples.size()); // or it could overflow, many times later
          return;
        }
        prepare(index, worker);
      }
    } catch (RuntimeException | Error e) { // thrown again in the caller's thread
      failure.compareAndSet(null, e);
    }
  }

  private void prepare(int index, int worker) {
    String name = names.of(samples.key(index));
    List<String> known = journal.cells(index).orElse(List.of());
    if (isPicture(known) && folder.holds(name, Long.parseLong(known.get(BYTES)))) {
      reused.incrementAndGet();
      return;
    }
    journal.forget(index);
    AlignedImage aligned;
    try {
      aligned = AlignedImage.of(samples.get(index));
    } catch (DataException e) {
      journal.append(index, List.of(oneLine(e.getMessage())));
      skipped.incrementAndGet();
      return;
    }
    byte[] picture =
        PictureEncoder.encode(aligned.image(), options.format(), options.jpegQuality());
    folder.put(name, picture, worker);
    journal.append(index, cells(aligned, picture.length));
    written.incrementAndGet();
  }

  /** A sample that was skipped has one cell, its reason. */
  private static boolean isPicture(List<String> cells) {
    return cells.size() == AFTER_ATTRIBUTES.size();
  }

  private static List<String> cells(AlignedImage aligned, int bytes) {
    List<String> cells = new ArrayList<>(AFTER_ATTRIBUTES.size());
    cells.add(aligned.originalFingerprint());
    cells.add(Integer.toString(bytes));
    if (aligned.points().isPresent()) {
      FacePoints points = aligned.points().get();
      for (double value : points.toArray()) {
        cells.add(rounded("%.3f", value));
      }
    } else {
      cells.addAll(Collections.nCopies(10, ""));
    }
    cells.add(rounded("%.6f", aligned.transform().scale()));
    cells.add(
        aligned.residualPixels().isPresent()
            ? rounded("%.3f", aligned.residualPixels().getAsDouble())
            : "");
    cells.add(
        aligned.detectorScore().isPresent()
            ? rounded("%.4f", aligned.detectorScore().getAsDouble())
            : "");
    return cells;
  }

  private static String rounded(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String oneLine(String reason) {
    String line = String.valueOf(reason).replaceAll("\\s+", " ");
    return line.substring(0, Math.min(line.length(), LONGEST_REASON));
  }

  /** Writes the tables, then says that all is done. */
  private void finish(List<Skipped> leftOut, PreparationRecord parameters) {
    SortedSet<String> attributes = new TreeSet<>();
    for (int i = 0; i < samples.size(); i++) {
      if (isPicture(journal.cells(i).orElseThrow())) {
        attributes.addAll(samples.get(i).attributes().keySet());
      }
    }
    AtomicFiles.write(
        folder.manifest(),
        out -> {
          try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
            csv.writeRecord(header(attributes));
            for (int i = 0; i < samples.size(); i++) {
              List<String> cells = journal.cells(i).orElseThrow();
              if (isPicture(cells)) {
                csv.writeRecord(row(samples.get(i), attributes, cells));
              }
            }
          }
        });
    AtomicFiles.write(
        folder.skipped(),
        out -> {
          try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
            csv.writeRecord("key", "reason");
            for (Skipped skip : leftOut) {
              csv.writeRecord(skip.key(), skip.reason());
            }
            for (int i = 0; i < samples.size(); i++) {
              List<String> cells = journal.cells(i).orElseThrow();
              if (!isPicture(cells)) {
                csv.writeRecord(samples.key(i), cells.get(0));
              }
            }
          }
        });
    journal.settle(DatasetPreparation::isPicture);
    folder.complete(parameters.completed(written.get() + reused.get(), skipped.get()));
  }

  private static List<String> header(SortedSet<String> attributes) {
    List<String> columns = new ArrayList<>(BEFORE_ATTRIBUTES);
    for (String attribute : attributes) {
      boolean taken = BEFORE_ATTRIBUTES.contains(attribute) || AFTER_ATTRIBUTES.contains(attribute);
      columns.add(taken ? "attribute-" + attribute : attribute);
    }
    columns.addAll(AFTER_ATTRIBUTES);
    return columns;
  }

  private List<String> row(FaceSample sample, SortedSet<String> attributes, List<String> cells) {
    List<String> row = new ArrayList<>();
    row.add(sample.key());
    row.add(PreparedFolder.fileOf(names.of(sample.key())));
    row.add(sample.identity());
    Map<String, String> values = sample.attributes();
    for (String attribute : attributes) {
      row.add(values.getOrDefault(attribute, ""));
    }
    row.addAll(cells);
    return row;
  }
}
