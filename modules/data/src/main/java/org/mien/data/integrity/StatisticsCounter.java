package org.mien.data.integrity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.data.image.EncodedImageSource;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.integrity.DatasetStatistics.AtLeast;
import org.mien.data.integrity.DatasetStatistics.Attribute;
import org.mien.data.integrity.DatasetStatistics.Bin;
import org.mien.data.integrity.DatasetStatistics.ImagesPerIdentity;
import org.mien.data.integrity.DatasetStatistics.Numbers;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/** Counts what {@link DatasetStatistics} holds. */
final class StatisticsCounter {
  /** Values of one attribute that are told apart. */
  private static final int MOST_TOLD_APART = 100_000;

  /** Up to so many values a number is shown value by value. */
  private static final int FEW_VALUES = 12;

  private static final int BINS = 20;
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,15}(\\.\\d{1,15})?");

  /** Where headers are looked for: most lie in the first piece, a few behind a large EXIF. */
  private static final int[] PIECES = {4096, 1 << 16, 1 << 20};

  private final FaceManifest manifest;
  private final FaceSamples samples;
  private final StatisticsOptions options;
  private final BooleanSupplier stop;
  private final Map<String, Tally> attributes = new TreeMap<>();
  private final Map<String, Long> formats = new HashMap<>();
  private final Map<String, Long> sizes = new HashMap<>();
  private long unreadable;
  private long minimumWidth = Long.MAX_VALUE;
  private long maximumWidth;
  private long minimumHeight = Long.MAX_VALUE;
  private long maximumHeight;
  private long bytes;
  private long filesOfKnownLength;

  StatisticsCounter(FaceManifest manifest, StatisticsOptions options, BooleanSupplier stop) {
    this.manifest = manifest;
    this.samples = manifest.samples();
    this.options = options;
    this.stop = stop;
  }

  DatasetStatistics count(Progress.Factory factory) {
    Map<String, int[]> perIdentity = new HashMap<>();
    int size = samples.size();
    int sampled = Math.min(size, options.mostImages());
    int row = 0;
    int opened = 0;
    try (Progress progress = factory.start("stats", "images", size)) {
      while (row < size && !stop.getAsBoolean()) {
        perIdentity.computeIfAbsent(samples.identity(row), name -> new int[1])[0]++;
        var sample = samples.get(row);
        sample
            .attributes()
            .forEach(
                (name, value) -> attributes.computeIfAbsent(name, key -> new Tally()).add(value));
        if (row == (long) opened * size / sampled) {
          open(sample.image());
          opened++;
        }
        row++;
        if (row % 64 == 0 || row == size) {
          progress.advanceTo(row);
        }
      }
    }
    long[] counts = perIdentity.values().stream().mapToLong(count -> count[0]).sorted().toArray();
    return new DatasetStatistics(
        DatasetStatistics.SCHEMA,
        manifest.name(),
        row,
        counts.length,
        Arrays.stream(counts).map(n -> n * (n - 1)).sum(),
        imagesPerIdentity(counts),
        new DatasetStatistics.Files(
            opened,
            unreadable,
            mostFrequent(formats, Integer.MAX_VALUE),
            mostFrequent(sizes, options.mostValues()),
            sizes.size(),
            maximumWidth == 0 ? 0 : minimumWidth,
            maximumWidth,
            maximumHeight == 0 ? 0 : minimumHeight,
            maximumHeight,
            bytes,
            filesOfKnownLength),
        attributes.entrySet().stream()
            .map(entry -> entry.getValue().attribute(entry.getKey(), options.mostValues()))
            .toList(),
        skipped(),
        row == size);
  }

  private void open(ImageSource source) {
    Optional<ImageHeader> header;
    try {
      if (source instanceof FileImageSource file) {
        header = ofFile(file.file());
      } else if (source instanceof EncodedImageSource contained) {
        byte[] encoded = contained.bytes();
        bytes += encoded.length;
        filesOfKnownLength++;
        header = ImageHeader.of(encoded);
      } else {
        RawImage image = source.decode();
        header = Optional.of(new ImageHeader("made", image.width(), image.height()));
      }
    } catch (DataException | IOException e) { // a check says why; here it is counted
      header = Optional.empty();
    }
    if (header.isEmpty()) {
      unreadable++;
      return;
    }
    long width = header.get().widthPixels();
    long height = header.get().heightPixels();
    formats.merge(header.get().format(), 1L, Long::sum);
    sizes.merge(width + "x" + height, 1L, Long::sum);
    minimumWidth = Math.min(minimumWidth, width);
    maximumWidth = Math.max(maximumWidth, width);
    minimumHeight = Math.min(minimumHeight, height);
    maximumHeight = Math.max(maximumHeight, height);
  }

  private Optional<ImageHeader> ofFile(Path file) throws IOException {
    bytes += java.nio.file.Files.size(file);
    filesOfKnownLength++;
    byte[] read = new byte[0];
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      for (int piece : PIECES) {
        byte[] more = in.readNBytes(piece - read.length);
        int before = read.length;
        read = Arrays.copyOf(read, before + more.length);
        System.arraycopy(more, 0, read, before, more.length);
        Optional<ImageHeader> header = ImageHeader.of(read);
        if (header.isPresent() || read.length < piece) {
          return header;
        }
      }
    }
    return Optional.empty();
  }

  private static ImagesPerIdentity imagesPerIdentity(long[] counts) {
    if (counts.length == 0) {
      return new ImagesPerIdentity(0, 0, 0, 0, List.of(), List.of());
    }
    long maximum = counts[counts.length - 1];
    List<Bin> histogram = new ArrayList<>();
    long low = 1;
    long high = 1;
    while (low <= maximum) {
      long from = low;
      long to = high;
      long count = Arrays.stream(counts).filter(n -> n >= from && n <= to).count();
      histogram.add(new Bin(low, high, count));
      low = high + 1;
      high *= 2;
    }
    List<AtLeast> atLeast = new ArrayList<>();
    for (long decade = 1; decade <= maximum; decade *= 10) {
      for (long least : new long[] {decade, 2 * decade, 5 * decade}) {
        if (least <= maximum) {
          long[] kept = Arrays.stream(counts).filter(n -> n >= least).toArray();
          atLeast.add(new AtLeast(least, kept.length, Arrays.stream(kept).sum()));
        }
      }
    }
    return new ImagesPerIdentity(
        counts[0],
        (counts[(counts.length - 1) / 2] + counts[counts.length / 2]) / 2.0,
        Arrays.stream(counts).sum() / (double) counts.length,
        maximum,
        histogram,
        atLeast);
  }

  private Map<String, Long> skipped() {
    Map<String, Long> reasons = new HashMap<>();
    for (Skipped skipped : manifest.skipped()) {
      reasons.merge(skipped.reason().replaceAll("\\d+", "N"), 1L, Long::sum);
    }
    return mostFrequent(reasons, options.mostValues());
  }

  private static Map<String, Long> mostFrequent(Map<String, Long> counts, int most) {
    Map<String, Long> ordered = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  /** The values of one attribute. */
  private static final class Tally {
    private final Map<String, Long> counts = new HashMap<>();
    private long images;
    private boolean numbers = true;

    void add(String value) {
      images++;
      numbers &= NUMBER.matcher(value).matches();
      if (counts.size() < MOST_TOLD_APART || counts.containsKey(value)) {
        counts.merge(value, 1L, Long::sum);
      } else {
        numbers = false; // not all are known
      }
    }

    Attribute attribute(String name, int mostValues) {
      boolean summary = numbers && counts.size() > FEW_VALUES;
      return new Attribute(
          name,
          images,
          counts.size(),
          summary ? Map.of() : mostFrequent(counts, mostValues),
          summary ? summary() : null);
    }

    private Numbers summary() {
      SortedMap<Double, Long> sorted = new TreeMap<>();
      counts.forEach((value, count) -> sorted.merge(Double.parseDouble(value), count, Long::sum));
      double sum = 0;
      boolean whole = true;
      for (Map.Entry<Double, Long> entry : sorted.entrySet()) {
        sum += entry.getKey() * entry.getValue();
        whole &= entry.getKey() == Math.rint(entry.getKey());
      }
      double low = sorted.firstKey();
      double high = sorted.lastKey();
      // The bins of whole numbers begin at whole numbers: 0 to 116 years are 20 bins of 6.
      double width = whole ? Math.ceil((high - low + 1) / BINS) : (high - low) / BINS;
      int bins = whole ? (int) Math.ceil((high - low + 1) / width) : BINS;
      long[] histogram = new long[bins];
      sorted.forEach(
          (value, count) -> {
            int bin = width > 0 ? (int) ((value - low) / width) : 0;
            histogram[Math.min(bin, bins - 1)] += count;
          });
      List<Bin> listed = new ArrayList<>();
      for (int bin = 0; bin < bins; bin++) {
        listed.add(new Bin(low + bin * width, low + (bin + 1) * width, histogram[bin]));
      }
      return new Numbers(
          low,
          (at(sorted, (images - 1) / 2) + at(sorted, images / 2)) / 2,
          sum / images,
          high,
          listed);
    }

    private static double at(SortedMap<Double, Long> sorted, long index) {
      long before = 0;
      for (Map.Entry<Double, Long> entry : sorted.entrySet()) {
        before += entry.getValue();
        if (before > index) {
          return entry.getKey();
        }
      }
      throw new IllegalArgumentException("index " + index + " of " + before);
    }
  }
}
