package org.mien.data.iterator;

import java.io.DataInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.mien.core.error.DataException;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Faces as DataVec records: an array {@code (1, 3, height, width)} of FLOAT, then the index of the
 * identity among the labels, as DataVec's own image reader gives them; so {@code new
 * RecordReaderDataSetIterator(reader, batch, 1, labels)} works.
 *
 * <p>The samples are known from the beginning: an {@link InputSplit} is not looked at. Images that
 * cannot be read are left out and listed by {@link #skipped}. For training, {@link
 * FaceDataSetIterator} is faster: this reader decodes in the caller's thread.
 */
public final class FaceRecordReader extends BaseRecordReader {
  private static final long serialVersionUID = 1L;

  private final transient List<FaceSample> samples;
  private final List<String> identities;
  private final Map<String, Integer> labelOf = new HashMap<>();
  private final transient FacePreprocessor preprocessor;
  private final transient List<Skipped> skipped = new ArrayList<>();
  private transient Configuration configuration = new Configuration();
  private int position;
  private transient FaceRecord upcoming;

  /**
   * Makes a reader that is ready; {@code initialize} may be called and only goes to the beginning.
   *
   * @param samples in the order wanted
   * @param identities the labels; every sample's identity is among them
   * @param preprocessor makes the features
   */
  public FaceRecordReader(
      List<FaceSample> samples, List<String> identities, FacePreprocessor preprocessor) {
    // An index of millions stays one.
    this.samples = samples instanceof FaceSamples ? samples : List.copyOf(samples);
    this.identities = List.copyOf(identities);
    this.preprocessor = preprocessor;
    for (int label = 0; label < identities.size(); label++) {
      labelOf.put(identities.get(label), label);
    }
    for (FaceSample sample : samples) {
      if (!labelOf.containsKey(sample.identity())) {
        throw new IllegalArgumentException(
            sample.key() + " shows " + sample.identity() + ", who is not among the labels");
      }
    }
  }

  /** Returns what could not be read since the last reset. */
  public List<Skipped> skipped() {
    return List.copyOf(skipped);
  }

  @Override
  public void initialize(InputSplit split) {
    reset();
  }

  @Override
  public void initialize(Configuration conf, InputSplit split) {
    configuration = conf;
    reset();
  }

  @Override
  public boolean hasNext() {
    while (upcoming == null && position < samples.size()) {
      FaceSample sample = samples.get(position++);
      try {
        upcoming = load(sample);
      } catch (DataException e) {
        skipped.add(new Skipped(sample.key(), e.getMessage()));
      }
    }
    return upcoming != null;
  }

  @Override
  public List<Writable> next() {
    return nextRecord().getRecord();
  }

  /** Returns the next records one by one, at most {@code count}; see {@link #batchesSupported}. */
  @Override
  public List<List<Writable>> next(int count) {
    List<List<Writable>> records = new ArrayList<>();
    while (records.size() < count && hasNext()) {
      records.add(next());
    }
    return records;
  }

  @Override
  public Record nextRecord() {
    if (!hasNext()) {
      throw new NoSuchElementException("all records were taken");
    }
    FaceRecord record = upcoming;
    upcoming = null;
    invokeListeners(record.meta.key());
    return record;
  }

  @Override
  public Record loadFromMetaData(RecordMetaData recordMetaData) {
    for (FaceSample sample : samples) {
      if (sample.key().equals(recordMetaData.getLocation())) {
        return load(sample);
      }
    }
    throw new IllegalArgumentException("no sample has the key " + recordMetaData.getLocation());
  }

  @Override
  public List<Record> loadFromMetaData(List<RecordMetaData> recordMetaDatas) {
    return recordMetaDatas.stream().map(this::loadFromMetaData).toList();
  }

  @Override
  public List<String> getLabels() {
    return identities;
  }

  @Override
  public void reset() {
    position = 0;
    upcoming = null;
    skipped.clear();
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  /** Not supported: a stream has no identity. */
  @Override
  public List<Writable> record(URI uri, DataInputStream dataInputStream) {
    throw new UnsupportedOperationException(
        "a stream says nothing of who is shown; give samples to the constructor");
  }

  @Override
  public void setConf(Configuration conf) {
    configuration = conf;
  }

  @Override
  public Configuration getConf() {
    return configuration;
  }

  @Override
  public void close() {
    upcoming = null;
  }

  private FaceRecord load(FaceSample sample) {
    float[] features = new float[preprocessor.preprocessing().imageLength()];
    sample.image().writeInput(preprocessor, features, 0);
    long[] shape = {
      1, 3, preprocessor.preprocessing().heightPixels(), preprocessor.preprocessing().widthPixels()
    };
    return new FaceRecord(
        List.of(
            new NDArrayWritable(Nd4j.create(features, shape, 'c')),
            new IntWritable(labelOf.get(sample.identity()))),
        new FaceMetaData(sample.key()));
  }

  /** Where a record comes from: the key of its sample. */
  private record FaceMetaData(String key) implements RecordMetaData {
    @Override
    public String getLocation() {
      return key;
    }

    /** Returns null: a key is not an address, and a rendered face has none. */
    @Override
    public URI getURI() {
      return null;
    }

    @Override
    public Class<?> getReaderClass() {
      return FaceRecordReader.class;
    }
  }

  private static final class FaceRecord implements Record {
    private static final long serialVersionUID = 1L;

    private transient List<Writable> values;
    private transient RecordMetaData metaData;
    private final FaceMetaData meta;

    FaceRecord(List<Writable> values, FaceMetaData meta) {
      this.values = values;
      this.meta = meta;
      this.metaData = meta;
    }

    @Override
    public List<Writable> getRecord() {
      return values;
    }

    @Override
    public void setRecord(List<Writable> record) {
      values = record;
    }

    @Override
    public RecordMetaData getMetaData() {
      return metaData;
    }

    @Override
    public void setMetaData(RecordMetaData recordMetaData) {
      metaData = recordMetaData;
    }
  }
}
