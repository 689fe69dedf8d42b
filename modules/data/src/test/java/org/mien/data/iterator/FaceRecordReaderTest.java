package org.mien.data.iterator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.split.CollectionInputSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.deeplearning4j.datasets.datavec.RecordReaderDataSetIterator;
import org.junit.jupiter.api.Test;
import org.mien.data.manifest.Skipped;
import org.nd4j.linalg.dataset.DataSet;

class FaceRecordReaderTest {
  private final FaceRecordReader reader =
      new FaceRecordReader(
          FaceDataSetIteratorTest.samples(10, -1, 30, 40),
          FaceDataSetIteratorTest.PEOPLE,
          FaceDataSetIteratorTest.FACES);

  @Test
  void aRecordIsAnImageAndTheIndexOfItsIdentity() {
    List<Writable> first = reader.next();
    assertEquals(2, first.size());
    NDArrayWritable image = (NDArrayWritable) first.get(0);
    assertArrayEquals(new long[] {1, 3, 9, 8}, image.get().shape());
    assertEquals(10, image.get().getFloat(0, 0, 0, 0));
    assertEquals(2, image.get().getFloat(0, 2, 8, 7));
    assertEquals(0, first.get(1).toInt());
    assertEquals(2, reader.next().get(1).toInt());
  }

  @Test
  void dl4jsIteratorTakesItsRecords() {
    RecordReaderDataSetIterator iterator = new RecordReaderDataSetIterator(reader, 2, 1, 3);
    DataSet batch = iterator.next();
    assertArrayEquals(new long[] {2, 3, 9, 8}, batch.getFeatures().shape());
    assertEquals(List.of(10, 30), FaceDataSetIteratorTest.values(batch));
    assertArrayEquals(new float[][] {{1, 0, 0}, {0, 0, 1}}, batch.getLabels().toFloatMatrix());
    assertEquals(List.of(40), FaceDataSetIteratorTest.values(iterator.next()));
    assertFalse(iterator.hasNext());
    iterator.reset();
    assertEquals(List.of(10, 30), FaceDataSetIteratorTest.values(iterator.next()));
  }

  @Test
  void aBadImageIsPassedOverAndListed() {
    assertEquals(3, reader.next(100).size());
    assertFalse(reader.hasNext());
    assertEquals(List.of(new Skipped("bob/1", "damaged")), reader.skipped());
    assertThrows(NoSuchElementException.class, reader::next);
  }

  @Test
  void resetAndInitializeGoToTheBeginning() {
    reader.next();
    reader.reset();
    assertEquals(10, value(reader.next()));
    Configuration configuration = new Configuration();
    reader.initialize(configuration, new CollectionInputSplit(List.of()));
    assertEquals(configuration, reader.getConf());
    assertEquals(10, value(reader.next()));
    assertTrue(reader.resetSupported());
    assertFalse(reader.batchesSupported());
    assertEquals(FaceDataSetIteratorTest.PEOPLE, reader.getLabels());
  }

  @Test
  void aRecordCanBeLoadedAgainFromItsMetaData() {
    reader.next();
    Record record = reader.nextRecord();
    assertEquals("cid/2", record.getMetaData().getLocation());
    Record again = reader.loadFromMetaData(List.of(record.getMetaData())).get(0);
    assertEquals(record.getRecord(), again.getRecord());
  }

  private static int value(List<Writable> record) {
    return (int) ((NDArrayWritable) record.get(0)).get().getFloat(0, 0, 0, 0);
  }
}
