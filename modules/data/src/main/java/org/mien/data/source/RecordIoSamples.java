package org.mien.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;
import org.mien.data.format.ImageRecord;
import org.mien.data.format.RecordIoFile;
import org.mien.data.format.RecordIoIndex;
import org.mien.data.image.EncodedImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/** The images of a RecordIO file: where each begins, its number, and which identity it shows. */
final class RecordIoSamples extends FaceSamples {
  /** Above this a 32-bit float has no place for every whole number. */
  private static final int MAXIMUM_LABEL = 1 << 24;

  private final RecordIoFile records;
  private final RecordIoIndex index;
  private final int first; // row of the index
  private final int[] identityOf; // ordinal of each image's identity
  private final int[] labels; // of each identity
  private final String[] names; // of each identity

  private RecordIoSamples(
      RecordIoFile records,
      RecordIoIndex index,
      int first,
      int[] identityOf,
      int[] labels,
      String[] names) {
    this.records = records;
    this.index = index;
    this.first = first;
    this.identityOf = identityOf;
    this.labels = labels;
    this.names = names;
  }

  /** One image; its label is compared with the one the data set was opened with. */
  private record RecordImage(RecordIoFile records, long offset, int number, int label)
      implements EncodedImageSource {
    @Override
    public String where() {
      return records.path() + " record " + number + " at byte " + offset;
    }

    @Override
    public byte[] bytes() {
      ImageRecord record = ImageRecord.parse(records.path(), offset, records.read(offset));
      if (record.labels()[0] != label) {
        throw DataException.in(
            where(),
            "has the label "
                + record.labels()[0]
                + "; the file's record of identities says "
                + label);
      }
      return record.image();
    }
  }

  @Override
  public int size() {
    return identityOf.length;
  }

  @Override
  public String identity(int sample) {
    return names[identityOf[sample]];
  }

  @Override
  public String key(int sample) {
    return String.format(
        Locale.ROOT, "%s/%08d.jpg", identity(sample), index.number(first + sample));
  }

  @Override
  public FaceSample get(int sample) {
    int row = first + sample;
    return new FaceSample(
        key(sample),
        identity(sample),
        new RecordImage(records, index.offset(row), index.number(row), labels[identityOf[sample]]),
        Map.of());
  }

  /** Opens a data set; see {@link RecordIoConfig}. */
  static FaceManifest open(
      String name, Path file, int minimumImages, Optional<Path> identityNames) {
    Path rec = recordFile(file);
    RecordIoFile records = RecordIoFile.open(rec);
    try {
      return new Opening(records, name, minimumImages).open(identityNames);
    } catch (RuntimeException | Error e) {
      records.close();
      throw e;
    }
  }

  /** Returns the one file that is meant. */
  private static Path recordFile(Path file) {
    if (!Files.isDirectory(file)) {
      return file;
    }
    Path train = file.resolve("train.rec");
    if (Files.isRegularFile(train)) {
      return train;
    }
    List<String> found =
        new FolderListing(file, FolderTree.FILES, "a RecordIO file (.rec)")
            .entries().stream()
                .filter(entry -> entry.isFile() && entry.name().endsWith(".rec"))
                .map(FolderListing.Entry::name)
                .toList();
    if (found.size() != 1) {
      throw DataException.in(
          file,
          found.isEmpty()
              ? "holds no RecordIO file; expected train.rec or one other .rec file"
              : "holds "
                  + found.size()
                  + " RecordIO files; name one of "
                  + String.join(" ", found));
    }
    return file.resolve(found.get(0));
  }

  /** One opening of a file: the index, then the header if there is one, then the labels. */
  private static final class Opening {
    private final RecordIoFile records;
    private final Path rec;
    private final String name;
    private final int minimumImages;
    private final List<Skipped> skipped = new ArrayList<>();
    private final Map<Integer, Integer> ordinals = new HashMap<>();
    private GrowingInts labels = new GrowingInts();
    private RecordIoIndex index;
    private int first;
    private int[] identityOf;

    Opening(RecordIoFile records, String name, int minimumImages) {
      this.records = records;
      this.rec = records.path();
      this.name = name;
      this.minimumImages = minimumImages;
    }

    FaceManifest open(Optional<Path> identityNames) {
      Path idx = sibling(".idx");
      index =
          Files.exists(idx) ? RecordIoIndex.read(idx, records) : RecordIoIndex.walkImages(records);
      int end = index.size();
      Optional<ImageRecord> header = header();
      boolean labelled = false;
      if (header.isPresent()) {
        int firstIdentity = whole(header.get().labels()[0], 0);
        int lastIdentity = whole(header.get().labels()[1], 0);
        first = rowOf(1);
        end = Math.max(first, rowOf(firstIdentity));
        identityOf = new int[end - first];
        labelled = labelsOfRanges(firstIdentity, lastIdentity);
      }
      if (end == first) {
        throw DataException.in(rec, "holds no image");
      }
      if (!labelled) {
        ordinals.clear();
        labels = new GrowingInts();
        identityOf = new int[end - first];
        for (int i = 0; i < identityOf.length; i++) {
          identityOf[i] = ordinal(label(first + i));
        }
      }
      int[] labelOf = labels.toArray();
      comparePropertyFile(labelOf.length);
      FaceSamples samples =
          new RecordIoSamples(
              records, index, first, identityOf, labelOf, names(labelOf, identityNames));
      return new FaceManifest(name, enough(samples), skipped);
    }

    /** InsightFace's record 0, which has two labels and no image. */
    private Optional<ImageRecord> header() {
      int row = index.find(0);
      if (row < 0 || ImageRecord.heading(records, index.offset(row)).flag() != 2) {
        return Optional.empty();
      }
      long offset = index.offset(row);
      ImageRecord record = ImageRecord.parse(rec, offset, records.read(offset));
      return record.image().length == 0 ? Optional.of(record) : Optional.empty();
    }

    /**
     * Labels images by the records of identities: record {@code n} has the labels {@code (start,
     * end)}, and the images numbered from {@code start} to below {@code end} are of one identity.
     *
     * @return whether the ranges cover every image once and agree with the images at their ends
     */
    private boolean labelsOfRanges(int firstIdentity, int lastIdentity) {
      int covered = 0;
      for (int number = firstIdentity; number < lastIdentity; number++) {
        int row = index.find(number);
        if (row < 0) {
          return false;
        }
        long offset = index.offset(row);
        if (ImageRecord.heading(records, offset).flag() != 2) {
          return false;
        }
        ImageRecord record = ImageRecord.parse(rec, offset, records.read(offset));
        int from = rowOf(whole(record.labels()[0], number)) - first;
        int to = rowOf(whole(record.labels()[1], number)) - first;
        if (from != covered || to <= from || to > identityOf.length) {
          return false;
        }
        int label = label(first + from);
        if (label(first + to - 1) != label) {
          return false;
        }
        int ordinal = ordinal(label);
        for (int i = from; i < to; i++) {
          identityOf[i] = ordinal;
        }
        covered = to;
      }
      return covered == identityOf.length;
    }

    private int label(int row) {
      return whole(ImageRecord.heading(records, index.offset(row)).label(), index.number(row));
    }

    private int whole(float label, int number) {
      if (label != Math.rint(label) || label < 0 || label > MAXIMUM_LABEL) {
        throw DataException.in(
            rec,
            "record "
                + number
                + " has the label "
                + label
                + "; expected a whole number of 0 to "
                + MAXIMUM_LABEL);
      }
      return (int) label;
    }

    private int ordinal(int label) {
      Integer known = ordinals.get(label);
      if (known == null) {
        known = labels.size();
        ordinals.put(label, known);
        labels.add(label);
      }
      return known;
    }

    /** Returns the first row whose number is at least this. */
    private int rowOf(int number) {
      int low = 0;
      int high = index.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (index.number(middle) < number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    private String[] names(int[] labelOf, Optional<Path> identityNames) {
      Map<Integer, String> known = new HashMap<>();
      identityNames.ifPresent(list -> known.putAll(namesIn(list)));
      String[] names = new String[labelOf.length];
      Set<String> taken = new HashSet<>(known.values());
      for (int i = 0; i < names.length; i++) {
        String folder = known.get(labelOf[i]);
        names[i] = folder != null ? folder : String.format(Locale.ROOT, "%07d", labelOf[i]);
        if (folder == null && taken.contains(names[i])) {
          throw DataException.in(
              identityNames.orElseThrow(),
              "does not name label " + labelOf[i] + ", and another identity is called " + names[i]);
        }
      }
      return names;
    }

    /** Compares with InsightFace's file {@code property}: {@code identities,height,width}. */
    private void comparePropertyFile(int identities) {
      Path property = rec.resolveSibling("property");
      if (!Files.isRegularFile(property)) {
        return;
      }
      try (BufferedReader reader = Files.newBufferedReader(property, StandardCharsets.UTF_8)) {
        char[] beginning = new char[100];
        int count = Math.max(0, reader.read(beginning));
        String says = new String(beginning, 0, count).split(",", 2)[0].strip();
        if (!says.equals(Integer.toString(identities))) {
          skipped.add(
              new Skipped(
                  "property",
                  "says "
                      + says.replaceAll("\\p{Cntrl}", "?")
                      + " identities; the records have "
                      + identities));
        }
      } catch (IOException e) {
        skipped.add(
            new Skipped("property", "cannot be read (" + e.getClass().getSimpleName() + ")"));
      }
    }

    private FaceSamples enough(FaceSamples samples) {
      if (minimumImages == 1) {
        return samples;
      }
      int[] images = new int[labels.size()];
      for (int ordinal : identityOf) {
        images[ordinal]++;
      }
      GrowingInts rows = new GrowingInts();
      for (int i = 0; i < identityOf.length; i++) {
        if (images[identityOf[i]] >= minimumImages) {
          rows.add(i);
        }
      }
      int tooFew = 0;
      for (int count : images) {
        tooFew += count < minimumImages ? 1 : 0;
      }
      if (rows.size() == 0) {
        throw DataException.in(
            rec, "holds no identity with at least " + minimumImages + " usable images");
      }
      if (tooFew > 0) {
        skipped.add(
            new Skipped(
                "*",
                IdentityFolders.tooFew(tooFew, identityOf.length - rows.size(), minimumImages)));
      }
      return samples.select(rows.toArray());
    }

    private Path sibling(String extension) {
      String fileName = rec.getFileName().toString();
      int dot = fileName.lastIndexOf('.');
      return rec.resolveSibling((dot > 0 ? fileName.substring(0, dot) : fileName) + extension);
    }
  }

  private static final Pattern SLASHES = Pattern.compile("[/\\\\]+");

  /** The folder of each label's images: lines {@code number<TAB>label[<TAB>label...]<TAB>path}. */
  private static Map<Integer, String> namesIn(Path list) {
    Map<Integer, String> names = new HashMap<>();
    Map<String, Integer> labels = new HashMap<>();
    try (BufferedReader reader = Files.newBufferedReader(list, StandardCharsets.UTF_8)) {
      long line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (text.isBlank()) {
          continue;
        }
        String[] fields = text.split("\t", -1);
        int label = fields.length < 3 ? -1 : wholeLabel(fields[1]);
        String[] path = SLASHES.split(fields[fields.length - 1], -1);
        String folder = path.length < 2 ? "" : path[path.length - 2];
        if (label < 0 || folder.isBlank() || folder.chars().anyMatch(Character::isISOControl)) {
          throw DataException.atLine(
              list, line, "expected '<number><TAB><label><TAB><folder>/<file>'");
        }
        String known = names.putIfAbsent(label, folder);
        Integer other = labels.putIfAbsent(folder, label);
        if ((known != null && !known.equals(folder)) || (other != null && other != label)) {
          throw DataException.atLine(
              list,
              line,
              "label "
                  + label
                  + " in the folder "
                  + folder
                  + " contradicts a line before; expected one folder an identity");
        }
      }
    } catch (NoSuchFileException e) {
      throw DataException.in(list, "is missing; expected a list of images (.lst)", e);
    } catch (CharacterCodingException e) {
      throw DataException.in(list, "is not a text file in UTF-8; expected a list of images", e);
    } catch (IOException e) {
      throw DataException.in(list, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    return names;
  }

  /** Returns a whole label, or -1. */
  private static int wholeLabel(String text) {
    try {
      double label = Double.parseDouble(text);
      boolean whole = label == Math.rint(label) && label >= 0 && label <= MAXIMUM_LABEL;
      return whole ? (int) label : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
