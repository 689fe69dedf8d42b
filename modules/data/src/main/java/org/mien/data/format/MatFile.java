package org.mien.data.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.mien.core.error.DataException;

/**
 * Reads the variables of a MATLAB 5 file as far as lists of pairs need them: cells, structures,
 * texts and real numbers of two dimensions, plain or compressed (The MathWorks: MAT-File Format,
 * version 5). Objects, functions, sparse and complex arrays are refused; nothing is executed.
 *
 * <p>File and uncompressed variables may have 64 MiB each in all, and arrays may lie 32 deep.
 * MATLAB 7.3 files are HDF5 and refused.
 */
public final class MatFile {
  private static final int HEADER_BYTES = 128;
  private static final int MAXIMUM_BYTES = 64 << 20;
  private static final int MAXIMUM_DEPTH = 32;

  private static final int INT8 = 1;
  private static final int UINT8 = 2;
  private static final int INT16 = 3;
  private static final int UINT16 = 4;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
  private static final int SINGLE = 7;
  private static final int DOUBLE = 9;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int UTF8 = 16;
  private static final int UTF16 = 17;

  private static final int CELL_CLASS = 1;
  private static final int STRUCT_CLASS = 2;
  private static final int CHAR_CLASS = 4;
  private static final int FIRST_NUMBER_CLASS = 6;
  private static final int LAST_NUMBER_CLASS = 15;
  private static final int COMPLEX = 0x800;

  private final Path file;
  private final ByteOrder order;
  private int inflated;

  private MatFile(Path file, ByteOrder order) {
    this.file = file;
    this.order = order;
  }

  /** An array. Elements are in MATLAB's order: down the columns. */
  public sealed interface Value permits Cells, Structures, Text, Numbers {
    int rows();

    int columns();
  }

  /**
   * A cell array.
   *
   * @param elements {@code rows * columns} arrays, down the columns
   */
  public record Cells(int rows, int columns, List<Value> elements) implements Value {
    public Cells {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A structure array.
   *
   * @param elements {@code rows * columns} structures, each with its fields in order
   */
  public record Structures(int rows, int columns, List<Map<String, Value>> elements)
      implements Value {
    public Structures {
      elements = List.copyOf(elements);
    }
  }

  /** A text; the rows of several are joined down the columns, as MATLAB stores them. */
  public record Text(int rows, int columns, String text) implements Value {}

  /**
   * Real numbers, whatever their type in the file.
   *
   * @param elements down the columns
   */
  public record Numbers(int rows, int columns, List<Double> elements) implements Value {
    public Numbers {
      elements = List.copyOf(elements);
    }
  }

  /**
   * Reads all variables, by name.
   *
   * @throws DataException naming file and byte where it is damaged, or what it holds that is not
   *     read
   */
  public static Map<String, Value> read(Path file) {
    byte[] bytes = bytes(file);
    ByteBuffer all = ByteBuffer.wrap(bytes);
    String mark = bytes.length < HEADER_BYTES ? "" : "" + (char) bytes[126] + (char) bytes[127];
    if (!mark.equals("IM") && !mark.equals("MI")) {
      throw DataException.in(file, "is no MATLAB 5 file: byte 126 is not its mark");
    }
    MatFile mat =
        new MatFile(file, mark.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    all.order(mat.order);
    if (all.getShort(124) >> 8 != 1) {
      throw DataException.in(file, "is a MATLAB file of another version; expected 5");
    }
    Map<String, Value> variables = new LinkedHashMap<>();
    all.position(HEADER_BYTES);
    while (all.hasRemaining()) {
      int at = all.position();
      Element element = mat.element(all, "byte ", 0);
      if (element.type == COMPRESSED) {
        ByteBuffer content = mat.inflate(element.content, at);
        element = mat.element(content, "variable of byte " + at + ", inflated byte ", 0);
      }
      if (element.type != MATRIX) {
        throw mat.damaged("byte " + at, "expected a variable, found type " + element.type);
      }
      Named named = mat.array(element, 0);
      variables.put(named.name, named.value);
    }
    return variables;
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAXIMUM_BYTES) {
        throw DataException.in(
            file, "has " + size + " bytes; MATLAB files above 64 MiB are refused");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing; expected a MATLAB 5 file", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /**
   * A tagged piece of the file.
   *
   * @param where the bytes lie, for messages: a prefix, and what to add to a position in them
   */
  private record Element(int type, ByteBuffer content, String where, int offset) {
    String place() {
      return where + (offset + content.position());
    }
  }

  private record Named(String name, Value value) {}

  /** Takes the next element; its content is a view, so nothing is allocated by what it claims. */
  private Element element(ByteBuffer in, String where, int offset) {
    String place = where + (offset + in.position());
    if (in.remaining() < 8) {
      throw damaged(place, "ends inside the tag of an element");
    }
    int first = in.getInt();
    int type = first;
    int length;
    boolean small = first >>> 16 != 0;
    if (small) {
      type = first & 0xFFFF;
      length = first >>> 16;
      if (length > 4) {
        throw damaged(place, "has a small element of " + length + " bytes; expected at most 4");
      }
    } else {
      length = in.getInt();
    }
    if (length < 0 || length > in.remaining()) {
      throw damaged(
          place,
          "has an element of " + length + " bytes; " + in.remaining() + " are left where it lies");
    }
    int start = in.position();
    Element element =
        new Element(type, in.slice(start, length).order(order), where, offset + start);
    // Elements are padded to eight bytes, but compressed ones are not.
    int next =
        small ? start + 4 : type == COMPRESSED ? start + length : start + (length + 7) / 8 * 8;
    in.position(Math.min(next, in.limit()));
    return element;
  }

  private ByteBuffer inflate(ByteBuffer compressed, int at) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 14];
      while (!inflater.finished()) {
        int read = inflater.inflate(buffer);
        if (read == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw damaged("byte " + at, "the compressed variable is cut off");
        }
        inflated += read;
        if (inflated > MAXIMUM_BYTES) {
          throw damaged("byte " + at, "more than 64 MiB when uncompressed");
        }
        out.write(buffer, 0, read);
      }
      return ByteBuffer.wrap(out.toByteArray()).order(order);
    } catch (DataFormatException e) {
      throw damaged("byte " + at, "the compressed variable is damaged");
    } finally {
      inflater.end();
    }
  }

  private Named array(Element matrix, int depth) {
    ByteBuffer in = matrix.content;
    if (!in.hasRemaining()) {
      return new Named("", new Numbers(0, 0, List.of())); // how MATLAB writes an empty cell
    }
    if (depth > MAXIMUM_DEPTH) {
      throw damaged(matrix.place(), "arrays lie more than " + MAXIMUM_DEPTH + " deep");
    }
    Element flags = next(matrix, UINT32, "flags");
    if (flags.content.remaining() < 8) {
      throw damaged(flags.place(), "expected 8 bytes of flags");
    }
    int flag = flags.content.getInt();
    Element dimensions = next(matrix, INT32, "dimensions");
    if (dimensions.content.remaining() != 8) {
      throw damaged(dimensions.place(), "expected an array of two dimensions");
    }
    String dimensionsPlace = dimensions.place();
    int rows = dimensions.content.getInt();
    int columns = dimensions.content.getInt();
    long elements = (long) rows * columns;
    // No element takes less than a byte, so this bounds what is allocated for them.
    if (rows < 0 || columns < 0 || elements > in.remaining()) {
      throw damaged(
          dimensionsPlace,
          "an array of " + rows + " x " + columns + " with " + in.remaining() + " bytes");
    }
    String name = text(next(matrix, INT8, "name"));
    int kind = flag & 0xFF;
    if ((flag & COMPLEX) != 0) {
      throw damaged(matrix.place(), "complex numbers are not read");
    } else if (kind == CELL_CLASS) {
      List<Value> cells = new ArrayList<>();
      for (int i = 0; i < elements; i++) {
        cells.add(array(next(matrix, MATRIX, "cell"), depth + 1).value);
      }
      return new Named(name, new Cells(rows, columns, cells));
    } else if (kind == STRUCT_CLASS) {
      return new Named(name, structures(matrix, rows, columns, depth));
    } else if (kind == CHAR_CLASS) {
      String text = text(element(in, matrix.where, matrix.offset));
      return new Named(name, new Text(rows, columns, text));
    } else if (kind >= FIRST_NUMBER_CLASS && kind <= LAST_NUMBER_CLASS) {
      Element data = element(in, matrix.where, matrix.offset);
      return new Named(name, new Numbers(rows, columns, numbers(data, (int) elements)));
    }
    throw damaged(
        matrix.place(),
        "an array of class " + kind + " is not read; expected cells, structures, text or numbers");
  }

  private Structures structures(Element matrix, int rows, int columns, int depth) {
    Element size = next(matrix, INT32, "length of field names");
    if (size.content.remaining() != 4) {
      throw damaged(size.place(), "expected one length for field names");
    }
    int length = size.content.getInt();
    Element names = next(matrix, INT8, "field names");
    if (length < 1 || names.content.remaining() % length != 0) {
      throw damaged(
          names.place(),
          names.content.remaining() + " bytes of field names of " + length + " each");
    }
    List<String> fields = new ArrayList<>();
    while (names.content.hasRemaining()) {
      byte[] bytes = new byte[length];
      names.content.get(bytes);
      String padded = new String(bytes, StandardCharsets.ISO_8859_1);
      int end = padded.indexOf('\0');
      fields.add(end < 0 ? padded : padded.substring(0, end));
    }
    if (fields.isEmpty() && rows * columns > 1) {
      throw damaged(names.place(), rows + " x " + columns + " structures without a field");
    }
    List<Map<String, Value>> structures = new ArrayList<>();
    for (int i = 0; i < rows * columns; i++) {
      Map<String, Value> structure = new LinkedHashMap<>();
      for (String field : fields) {
        structure.put(field, array(next(matrix, MATRIX, "field " + field), depth + 1).value);
      }
      structures.add(structure);
    }
    return new Structures(rows, columns, structures);
  }

  private Element next(Element matrix, int type, String what) {
    String place = matrix.place();
    Element element = element(matrix.content, matrix.where, matrix.offset);
    if (element.type != type) {
      throw damaged(
          place, "expected the " + what + " (type " + type + "), found type " + element.type);
    }
    return element;
  }

  private String text(Element element) {
    ByteBuffer bytes = element.content;
    return switch (element.type) {
      case INT8, UINT8 -> StandardCharsets.ISO_8859_1.decode(bytes).toString();
      case UTF8 -> StandardCharsets.UTF_8.decode(bytes).toString();
      case UINT16, UTF16 ->
          (order == ByteOrder.LITTLE_ENDIAN ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE)
              .decode(bytes)
              .toString();
      default -> throw damaged(element.place(), "a text of type " + element.type);
    };
  }

  private List<Double> numbers(Element element, int count) {
    ByteBuffer in = element.content;
    int bytes =
        switch (element.type) {
          case INT8, UINT8 -> 1;
          case INT16, UINT16 -> 2;
          case INT32, UINT32, SINGLE -> 4;
          case DOUBLE -> 8;
          default -> throw damaged(element.place(), "numbers of type " + element.type);
        };
    if (in.remaining() != (long) count * bytes) {
      throw damaged(
          element.place(), in.remaining() + " bytes for " + count + " numbers of " + bytes);
    }
    List<Double> numbers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(
          switch (element.type) {
            case INT8 -> (double) in.get();
            case UINT8 -> (double) (in.get() & 0xFF);
            case INT16 -> (double) in.getShort();
            case UINT16 -> (double) (in.getShort() & 0xFFFF);
            case INT32 -> (double) in.getInt();
            case UINT32 -> (double) (in.getInt() & 0xFFFFFFFFL);
            case SINGLE -> (double) in.getFloat();
            default -> in.getDouble();
          });
    }
    return numbers;
  }

  private DataException damaged(String place, String problem) {
    return DataException.in(file, "MATLAB 5 file, " + place + ": " + problem);
  }
}
