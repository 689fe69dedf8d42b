package org.mien.data.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.mien.core.error.DataException;

/**
 * Where the records of a RecordIO file begin, by their numbers: 12 bytes a record. It is read from
 * the file's {@code .idx} (lines {@code number<TAB>offset}) or made by walking over the records.
 */
public final class RecordIoIndex {
  /** Larger ids are not the numbers of records; a set of seen ones takes up to 32 MB. */
  private static final long MAXIMUM_ID = 1L << 28;

  private final int[] numbers;
  private final long[] offsets;

  private RecordIoIndex(int[] numbers, long[] offsets) {
    this.numbers = numbers;
    this.offsets = offsets;
  }

  /**
   * Reads an {@code .idx} file.
   *
   * @param records the file it belongs to; every offset has to lie in it
   * @throws DataException if a line is not a number and an offset, or a number comes twice
   */
  public static RecordIoIndex read(Path idx, RecordIoFile records) {
    Growing growing = new Growing();
    try (BufferedReader reader = Files.newBufferedReader(idx, StandardCharsets.UTF_8)) {
      long line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.isBlank()) {
          add(growing, idx, line, text, records);
        }
      }
    } catch (NoSuchFileException e) {
      throw DataException.in(idx, "is missing; expected the index of a RecordIO file", e);
    } catch (CharacterCodingException e) {
      throw DataException.in(idx, "is not text; expected lines '<number><TAB><offset>'", e);
    } catch (IOException e) {
      throw DataException.in(idx, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
    return growing.sorted(idx);
  }

  /**
   * Makes the index of a file that has none: its records are numbered from 0.
   *
   * @throws DataException if the file is damaged, naming the byte
   */
  public static RecordIoIndex walk(RecordIoFile records) {
    Growing growing = new Growing();
    for (long offset = 0; offset < records.size(); offset = records.next(offset)) {
      growing.add(growing.count, offset);
    }
    return growing.sorted(records.path());
  }

  /**
   * Makes the index of a file of images that has none: a record's number is the {@code id} of its
   * header, as in the index that was lost, or its place in the file where ids are missing or occur
   * twice.
   *
   * @throws DataException if the file is damaged or its records have no image header
   */
  public static RecordIoIndex walkImages(RecordIoFile records) {
    Growing growing = new Growing();
    boolean usable = true;
    BitSet seen = new BitSet();
    for (long offset = 0; offset < records.size(); offset = records.next(offset)) {
      long id = ImageRecord.heading(records, offset).id();
      usable = usable && id >= 0 && id < MAXIMUM_ID && !seen.get((int) id);
      if (usable) {
        seen.set((int) id);
      }
      growing.add(usable ? (int) id : 0, offset);
    }
    if (!usable) {
      growing.numberByPlace();
    }
    return growing.sorted(records.path());
  }

  private static void add(Growing growing, Path idx, long line, String text, RecordIoFile records) {
    int tab = text.indexOf('\t');
    try {
      int number = Integer.parseInt(text, 0, Math.max(tab, 0), 10);
      long offset = Long.parseLong(text, tab + 1, text.length(), 10);
      if (number < 0 || offset < 0 || offset > records.size() - RecordIoFile.PREFIX_BYTES) {
        throw DataException.atLine(
            idx,
            line,
            "record "
                + number
                + " at byte "
                + offset
                + " lies outside "
                + records.path().getFileName()
                + " of "
                + records.size()
                + " bytes");
      }
      growing.add(number, offset);
    } catch (NumberFormatException e) {
      String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
      throw DataException.atLine(
          idx,
          line,
          "expected '<number><TAB><offset>', found '" + shown.replaceAll("\\p{Cntrl}", "?") + "'");
    }
  }

  /** Returns how many records there are. */
  public int size() {
    return numbers.length;
  }

  /** Returns the number of the i-th record in ascending order. */
  public int number(int i) {
    return numbers[i];
  }

  /** Returns where the i-th record in ascending order of the numbers begins. */
  public long offset(int i) {
    return offsets[i];
  }

  /** Returns which record has a number: its place in ascending order, or a negative value. */
  public int find(int number) {
    // Most files number their records from 0 without a gap.
    if (number >= 0 && number < numbers.length && numbers[number] == number) {
      return number;
    }
    return Arrays.binarySearch(numbers, number);
  }

  /** Two arrays that grow. */
  private static final class Growing {
    private int[] numbers = new int[1024];
    private long[] offsets = new long[1024];
    private int count;
    private boolean ascending = true;

    void add(int number, long offset) {
      if (count == numbers.length) {
        int longer = count + (count >> 1);
        numbers = Arrays.copyOf(numbers, longer);
        offsets = Arrays.copyOf(offsets, longer);
      }
      ascending &= count == 0 || numbers[count - 1] < number;
      numbers[count] = number;
      offsets[count] = offset;
      count++;
    }

    void numberByPlace() {
      for (int i = 0; i < count; i++) {
        numbers[i] = i;
      }
      ascending = true;
    }

    RecordIoIndex sorted(Path file) {
      sort();
      for (int i = 1; i < count; i++) {
        if (numbers[i] == numbers[i - 1]) {
          throw DataException.in(file, "names the record " + numbers[i] + " twice");
        }
      }
      return result();
    }

    private void sort() {
      if (ascending) {
        return;
      }
      long[] order = new long[count];
      for (int i = 0; i < count; i++) {
        order[i] = (long) numbers[i] << 32 | i; // numbers are not negative
      }
      Arrays.sort(order);
      long[] sortedOffsets = new long[count];
      int[] sortedNumbers = new int[count];
      for (int i = 0; i < count; i++) {
        sortedOffsets[i] = offsets[(int) order[i]];
        sortedNumbers[i] = numbers[(int) order[i]];
      }
      offsets = sortedOffsets;
      numbers = sortedNumbers;
      ascending = true;
    }

    private RecordIoIndex result() {
      return new RecordIoIndex(Arrays.copyOf(numbers, count), Arrays.copyOf(offsets, count));
    }
  }
}
