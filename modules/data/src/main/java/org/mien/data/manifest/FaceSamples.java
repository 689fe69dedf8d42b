package org.mien.data.manifest;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * An immutable list of samples with unique keys that need not hold them as objects: a subclass may
 * keep an index of a few bytes a sample and make each sample when it is asked for. A data set of 10
 * million images is such a list.
 *
 * <p>Whoever walks over samples uses {@link #key} and {@link #identity} where they suffice, and
 * {@link #select} rather than copies.
 */
public abstract class FaceSamples extends AbstractList<FaceSample> implements RandomAccess {

  /** Returns the key of one sample, without making the sample where that is possible. */
  public String key(int index) {
    return get(index).key();
  }

  /**
   * Returns the identity of one sample, without making the sample where that is possible. Samples
   * of one identity should give the same String object, for lists of them are long.
   */
  public String identity(int index) {
    return get(index).identity();
  }

  /**
   * Returns these samples as such a list: the list itself if it is one.
   *
   * @throws IllegalArgumentException if a key occurs twice
   */
  public static FaceSamples copyOf(List<FaceSample> samples) {
    if (samples instanceof FaceSamples already) {
      return already;
    }
    List<FaceSample> copy = List.copyOf(samples);
    Set<String> keys = new HashSet<>();
    for (FaceSample sample : copy) {
      if (!keys.add(sample.key())) {
        throw new IllegalArgumentException("the key " + sample.key() + " occurs twice");
      }
    }
    return new InMemory(copy);
  }

  /**
   * Returns some of these samples, in the order given; 4 bytes each.
   *
   * @param rows indices into this list, each at most once; not copied
   */
  public FaceSamples select(int[] rows) {
    return new Selected(this, rows);
  }

  /**
   * Returns these samples, each changed when it is asked for.
   *
   * @param change keeps key and identity
   */
  public FaceSamples map(UnaryOperator<FaceSample> change) {
    return new Mapped(this, change);
  }

  private static final class InMemory extends FaceSamples {
    private final List<FaceSample> samples;

    InMemory(List<FaceSample> samples) {
      this.samples = samples;
    }

    @Override
    public FaceSample get(int index) {
      return samples.get(index);
    }

    @Override
    public int size() {
      return samples.size();
    }
  }

  private static final class Selected extends FaceSamples {
    private final FaceSamples all;
    private final int[] rows;

    Selected(FaceSamples all, int[] rows) {
      this.all = all;
      this.rows = rows;
    }

    @Override
    public FaceSample get(int index) {
      return all.get(rows[index]);
    }

    @Override
    public String key(int index) {
      return all.key(rows[index]);
    }

    @Override
    public String identity(int index) {
      return all.identity(rows[index]);
    }

    @Override
    public FaceSamples select(int[] wanted) {
      return new Selected(all, Arrays.stream(wanted).map(row -> rows[row]).toArray());
    }

    @Override
    public int size() {
      return rows.length;
    }
  }

  private static final class Mapped extends FaceSamples {
    private final FaceSamples all;
    private final UnaryOperator<FaceSample> change;

    Mapped(FaceSamples all, UnaryOperator<FaceSample> change) {
      this.all = all;
      this.change = change;
    }

    @Override
    public FaceSample get(int index) {
      return change.apply(all.get(index));
    }

    @Override
    public String key(int index) {
      return all.key(index);
    }

    @Override
    public String identity(int index) {
      return all.identity(index);
    }

    @Override
    public int size() {
      return all.size();
    }
  }
}
