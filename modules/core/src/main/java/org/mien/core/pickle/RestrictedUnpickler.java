package org.mien.core.pickle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;

/**
 * Reads pickles of protocols 0 to 5 with an allow-list of classes and of instructions.
 *
 * <p>A pickle is a program that may call anything its reader can construct. The library keeps a
 * static table of constructors (dates, decimals, arrays, and a stand-in for every class it does not
 * know); this reader never consults it: the instructions that name a class are answered here, from
 * the list it is given.
 *
 * <p>Memory and time are bounded by the pickle's length: strings and byte strings must fit into
 * what is left of it before they are allocated, numbers in decimal and names of classes are short,
 * and there is a limit on instructions, each of which makes at most one object and one entry of the
 * memo. Nothing recurses: the lists and dictionaries made here are equal only to themselves and
 * name their size rather than their content, for a pickle of a hundred bytes can hold a list whose
 * text would fill any memory, or one that contains itself.
 *
 * <p>Texts come as {@link String} (Python 2's byte strings with a character a byte, as in
 * ISO-8859-1), byte strings as {@code byte[]}, tuples as {@code Object[]}, lists as {@link List},
 * dictionaries as {@link LinkedHashMap} in their order.
 */
public class RestrictedUnpickler extends Unpickler {
  /** A class that is not on the list. */
  public static final class ForeignClassException extends PickleException {
    private static final long serialVersionUID = 1L;

    ForeignClassException(String className) {
      super(className);
    }
  }

  /** An object that takes the state a pickle gives it after it was made. */
  public interface Stateful {
    /**
     * Takes the state.
     *
     * @throws PickleException if the state is not what such an object has
     */
    void setState(Object state);
  }

  /** Longest class name and decimal number read; both end at a line feed. */
  private static final int MAX_LINE = 256;

  /** 300,000 images as numpy arrays take about as many, or 2 million as byte strings. */
  private static final int MAX_INSTRUCTIONS = 1 << 23;

  private static final class PickledList extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;

    PickledList(Collection<Object> elements) {
      super(elements);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return "a list of " + size();
    }
  }

  private static final class PickledDictionary extends LinkedHashMap<Object, Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String toString() {
      return "a dictionary of " + size();
    }
  }

  private final Map<String, Object> allowed;
  private int instructions;

  /**
   * @param allowed what {@code module.name} stands for: a constructor ({@link
   *     net.razorvine.pickle.IObjectConstructor}) or a value
   */
  protected RestrictedUnpickler(Map<String, ?> allowed) {
    this.allowed = Map.copyOf(allowed);
  }

  /**
   * Reads one pickle from the stream, which has to know how much it holds.
   *
   * @throws PickleException if it names what is not on the list, or is damaged
   */
  public final Object read(ByteArrayInputStream in) throws IOException {
    memo = new HashMap<>();
    instructions = 0;
    return load(in);
  }

  /** Returns an empty dictionary that keeps the order of its keys and is safe to print and hash. */
  protected static Map<Object, Object> newDictionary() {
    return new PickledDictionary();
  }

  @Override
  protected Object dispatch(short instruction) throws IOException {
    if (++instructions > MAX_INSTRUCTIONS) {
      throw new PickleException("more than " + MAX_INSTRUCTIONS + " instructions");
    }
    return switch (instruction) {
      case Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.STOP,
          Opcodes.MARK,
          Opcodes.POP,
          Opcodes.POP_MARK,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.APPEND,
          Opcodes.APPENDS,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.STRING,
          Opcodes.UNICODE,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.SHORT_BINSTRING,
          Opcodes.SHORT_BINBYTES,
          Opcodes.BINPERSID,
          Opcodes.REDUCE ->
          super.dispatch(instruction);
      case Opcodes.INT, Opcodes.LONG, Opcodes.FLOAT, Opcodes.GET, Opcodes.PUT -> {
        requireShortLine();
        yield super.dispatch(instruction);
      }
      case Opcodes.BINUNICODE, Opcodes.BINSTRING -> {
        requireLength(Integer.BYTES);
        yield super.dispatch(instruction);
      }
      case Opcodes.BINUNICODE8 -> {
        requireLength(Long.BYTES);
        yield super.dispatch(instruction);
      }
      case Opcodes.BINBYTES -> bytes(Integer.BYTES);
      case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> bytes(Long.BYTES);
      case Opcodes.EMPTY_LIST -> push(new PickledList(List.of()));
      case Opcodes.LIST -> push(new PickledList(stack.pop_all_since_marker()));
      case Opcodes.EMPTY_DICT -> push(newDictionary());
      case Opcodes.DICT -> {
        List<Object> entries = stack.pop_all_since_marker();
        stack.add(newDictionary());
        yield put(entries);
      }
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        yield put(Arrays.asList(key, value));
      }
      // The library's own way goes through a HashMap and loses the order.
      case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
      case Opcodes.GLOBAL -> push(allowed(line(input) + "." + line(input)));
      case Opcodes.STACK_GLOBAL -> {
        Object name = stack.pop();
        if (!(stack.pop() instanceof String module) || !(name instanceof String)) {
          throw new PickleException("a class whose name is not a text");
        }
        yield push(allowed(module + "." + name));
      }
      // The attributes of a dictionary are version numbers; nothing needs them.
      case Opcodes.BUILD -> {
        Object state = stack.pop();
        if (stack.peek() instanceof Stateful object) {
          object.setState(state);
        }
        yield NO_RETURN_VALUE;
      }
      default ->
          throw new PickleException(
              String.format("a pickle instruction 0x%02x that is not expected here", instruction));
    };
  }

  /**
   * Reads a byte string; a reader of many large ones may say where they lie instead.
   *
   * @param length at most what is left of the pickle
   */
  protected Object byteString(InputStream in, int length) throws IOException {
    return in.readNBytes(length);
  }

  private Object bytes(int bytesOfLength) throws IOException {
    int length = requireLength(bytesOfLength);
    input.skipNBytes(bytesOfLength);
    return push(byteString(input, length));
  }

  @Override
  protected Object persistentLoad(Object identifier) {
    throw new PickleException("a reference to something outside the pickle");
  }

  private Object push(Object value) {
    stack.add(value);
    return NO_RETURN_VALUE;
  }

  private Object put(List<Object> keysAndValues) {
    if (!(stack.peek() instanceof Map<?, ?>)) {
      throw new PickleException("entries for something that is not a dictionary");
    }
    @SuppressWarnings("unchecked") // every map here takes any key: the readers make them
    Map<Object, Object> map = (Map<Object, Object>) stack.peek();
    for (int i = 0; i + 1 < keysAndValues.size(); i += 2) {
      map.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
    return NO_RETURN_VALUE;
  }

  private Object allowed(String className) {
    Object value = allowed.get(className);
    if (value == null) {
      throw new ForeignClassException(className);
    }
    return value;
  }

  /**
   * The string after this instruction must fit into what is left, before it is allocated.
   *
   * @return its length
   */
  private int requireLength(int bytesOfLength) throws IOException {
    input.mark(bytesOfLength);
    byte[] bytes = input.readNBytes(bytesOfLength);
    input.reset();
    if (bytes.length < bytesOfLength) {
      throw new PickleException("a string cut off in its length");
    }
    ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytesOfLength == Long.BYTES ? little.getLong() : little.getInt() & 0xFFFFFFFFL;
    if (length < 0 || length > input.available()) {
      throw new PickleException("a string of " + Long.toUnsignedString(length) + " bytes");
    }
    return (int) length;
  }

  /**
   * The line after this instruction must be short: a decimal number of a million digits would take
   * minutes.
   */
  private void requireShortLine() throws IOException {
    input.mark(MAX_LINE + 1);
    byte[] beginning = input.readNBytes(MAX_LINE + 1);
    input.reset();
    for (byte b : beginning) {
      if (b == '\n') {
        return;
      }
    }
    throw new PickleException("a number without end");
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() == MAX_LINE) {
        throw new PickleException("a class name without end");
      }
      line.append((char) b);
    }
    return line.toString();
  }
}
