package org.mien.data.source;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FacePoints;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;

/** The lines of a table, column by column: the bytes of its texts and a few more a sample. */
final class ListSamples extends FaceSamples {
  private final Path root;
  private final StoredTexts keys;
  private final BitSet numbered; // keys that end in #2, which is not part of the path
  private final int[] identityOf;
  private final StoredTexts identityNames;
  private final String[] madeNames; // each identity's one String, made when first asked for
  private final Map<String, Column> attributes;
  private final Numbers boxes;
  private final Numbers points;

  /** A column of texts, each stored once: which text each sample has. */
  record Column(GrowingInts indices, StoredTexts texts) {
    Column() {
      this(new GrowingInts(), new StoredTexts());
    }

    void add(String text) {
      indices.add(texts.indexOf(text));
    }

    String get(int sample) {
      return texts.get(indices.get(sample));
    }
  }

  /** Some numbers a sample; the first is not a number where a sample has none. */
  static final class Numbers {
    private final int width;
    private double[] values;
    private int size;

    /**
     * @param width numbers a sample, 0 if no sample has any
     */
    Numbers(int width) {
      this.width = width;
      this.values = new double[16 * width];
    }

    void add(double[] numbers) {
      if (width == 0) {
        return;
      }
      if (size + width > values.length) {
        values = Arrays.copyOf(values, size + size / 2 / width * width + width);
      }
      System.arraycopy(numbers, 0, values, size, width);
      size += width;
    }

    Optional<double[]> get(int sample) {
      if (width == 0 || Double.isNaN(values[sample * width])) {
        return Optional.empty();
      }
      double[] numbers = new double[width];
      System.arraycopy(values, sample * width, numbers, 0, width);
      return Optional.of(numbers);
    }
  }

  ListSamples(
      Path root,
      StoredTexts keys,
      BitSet numbered,
      Column identities,
      Map<String, Column> attributes,
      Numbers boxes,
      Numbers points) {
    this.root = root;
    this.keys = keys;
    this.numbered = numbered;
    this.identityOf = identities.indices().toArray();
    this.identityNames = identities.texts();
    this.madeNames = new String[identityNames.size()];
    this.attributes = attributes;
    this.boxes = boxes;
    this.points = points;
  }

  int identities() {
    return identityNames.size();
  }

  /** Returns the number of a sample's identity, from 0. */
  int identityNumber(int index) {
    return identityOf[index];
  }

  @Override
  public int size() {
    return identityOf.length;
  }

  @Override
  public String key(int index) {
    return keys.get(index);
  }

  @Override
  public String identity(int index) {
    int number = identityOf[index];
    String name = madeNames[number];
    if (name == null) {
      synchronized (madeNames) {
        name = madeNames[number];
        if (name == null) {
          name = identityNames.get(number);
          madeNames[number] = name;
        }
      }
    }
    return name;
  }

  @Override
  public FaceSample get(int index) {
    String key = key(index);
    String path = numbered.get(index) ? key.substring(0, key.lastIndexOf('#')) : key;
    Map<String, String> values = new HashMap<>();
    attributes.forEach(
        (name, column) -> {
          String value = column.get(index);
          if (!value.isEmpty()) {
            values.put(name, value);
          }
        });
    FaceLocation location =
        new FaceLocation(
            boxes.get(index).map(b -> new FaceBox(b[0], b[1], b[2], b[3])),
            points.get(index).map(FacePoints::of));
    return new FaceSample(
        key, identity(index), new FileImageSource(root.resolve(path)), values, location);
  }
}
