package org.mien.data.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;

/**
 * Decodes the entropy-coded data of a baseline or progressive JPEG as ITU-T T.81 defines it
 * (annexes F and G), without making pixels of it, to see whether it can be decoded. Of coefficients
 * only what later scans need is kept: which are not zero.
 */
final class JpegCoefficients {
  /**
   * Of 8-bit samples the first coefficient is within 8 * 128 and all others within 928; encoders
   * that smooth ringing go a little beyond.
   */
  private static final int LARGEST_COEFFICIENT = 1280;

  private static final int LARGEST_DC_BITS = 11;
  private static final int LARGEST_AC_BITS = 10;

  private final String where;
  private final byte[] bytes;
  private final HuffmanTable[] dcTables = new HuffmanTable[4];
  private final HuffmanTable[] acTables = new HuffmanTable[4];

  /** The divisors of each quantisation table, in the order of coefficients; 0 if undefined. */
  private final int[][] divisors = new int[4][64];

  private final List<Component> components = new ArrayList<>();
  private boolean progressive;
  private int width;
  private int height;
  private int restartInterval;

  /** The position in the compressed data, and bits read from it and not used. */
  private int at;

  private int held;
  private int holding;

  /** Blocks yet to come that a progressive scan has said to hold nothing new. */
  private int emptyBlocks;

  /**
   * @param bytes whose structure {@link EncodedImage#check} has accepted
   */
  JpegCoefficients(String where, byte[] bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  /** Decodes all scans. */
  void check() {
    at = 2;
    while (true) {
      int marker = bytes[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++;
        continue;
      }
      at += 2;
      if (marker == 0xD9) {
        break;
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue;
      }
      int begin = at + 2;
      int end = at + unsigned16(at);
      switch (marker) {
        case 0xC0, 0xC1, 0xC2 -> frame(marker == 0xC2, begin, end);
        case 0xC4 -> huffmanTables(begin, end);
        case 0xDB -> quantisationTables(begin, end);
        case 0xDD -> {
          require(end - begin >= 2, "its restart interval is cut off", begin);
          restartInterval = unsigned16(begin);
        }
        default -> {} // nothing that decoding needs, or a scan
      }
      at = end;
      if (marker == 0xDA) {
        scan(begin, end);
      }
    }
    for (Component component : components) {
      require(component.coded, "a component was never coded", at);
    }
  }

  private void frame(boolean isProgressive, int begin, int end) {
    progressive = isProgressive;
    height = unsigned16(begin + 1);
    width = unsigned16(begin + 3);
    int count = bytes[begin + 5] & 0xFF;
    require(end - begin >= 6 + 3 * count, "its frame header is too short", begin);
    int mostAcross = 1;
    int mostDown = 1;
    for (int i = 0; i < count; i++) {
      int place = begin + 6 + 3 * i;
      Component component = new Component(bytes[place] & 0xFF);
      component.across = (bytes[place + 1] & 0xFF) >> 4;
      component.down = bytes[place + 1] & 0xF;
      component.quantisation = bytes[place + 2] & 0xFF;
      require(
          component.across >= 1
              && component.across <= 4
              && component.down >= 1
              && component.down <= 4
              && component.quantisation < 4,
          "its frame header is wrong",
          place);
      mostAcross = Math.max(mostAcross, component.across);
      mostDown = Math.max(mostDown, component.down);
      components.add(component);
    }
    for (Component component : components) {
      component.unitsAcross = dividedUp(width, 8 * mostAcross);
      component.unitsDown = dividedUp(height, 8 * mostDown);
      component.blocksAcross = dividedUp(dividedUp(width * component.across, mostAcross), 8);
      component.blocksDown = dividedUp(dividedUp(height * component.down, mostDown), 8);
      component.stride = component.unitsAcross * component.across;
      if (progressive) {
        component.notZero = new long[component.stride * component.unitsDown * component.down];
      }
    }
  }

  private void huffmanTables(int begin, int end) {
    int place = begin;
    while (place < end) {
      require(end - place >= 17, "a code table is cut off", place);
      int kind = (bytes[place] & 0xFF) >> 4;
      int index = bytes[place] & 0xF;
      require(kind <= 1 && index <= 3, "a code table has a wrong number", place);
      HuffmanTable table = new HuffmanTable();
      int values = table.readCounts(bytes, place + 1);
      require(
          values >= 0 && values <= 256 && place + 17 + values <= end,
          "a code table is wrong",
          place);
      table.values = Arrays.copyOfRange(bytes, place + 17, place + 17 + values);
      (kind == 0 ? dcTables : acTables)[index] = table;
      place += 17 + values;
    }
  }

  private void quantisationTables(int begin, int end) {
    int place = begin;
    while (place < end) {
      int precision = (bytes[place] & 0xFF) >> 4;
      int index = bytes[place] & 0xF;
      int length = 1 + (precision == 0 ? 64 : 128);
      require(
          precision <= 1 && index <= 3 && place + length <= end,
          "a quantisation table is wrong",
          place);
      for (int k = 0; k < 64; k++) {
        divisors[index][k] =
            precision == 0 ? bytes[place + 1 + k] & 0xFF : unsigned16(place + 1 + 2 * k);
      }
      place += length;
    }
  }

  private void scan(int begin, int end) {
    int count = bytes[begin] & 0xFF;
    require(count >= 1 && count <= 4 && end - begin >= 4 + 2 * count, "a scan is wrong", begin);
    Component[] scanned = new Component[count];
    for (int i = 0; i < count; i++) {
      int id = bytes[begin + 1 + 2 * i] & 0xFF;
      int tables = bytes[begin + 2 + 2 * i] & 0xFF;
      Component component = component(id, begin);
      require((tables >> 4) <= 3 && (tables & 0xF) <= 3, "a scan names a wrong table", begin);
      component.dcTable = dcTables[tables >> 4];
      component.acTable = acTables[tables & 0xF];
      scanned[i] = component;
    }
    int from = bytes[end - 3] & 0xFF;
    int to = bytes[end - 2] & 0xFF;
    int high = (bytes[end - 1] & 0xFF) >> 4;
    int low = bytes[end - 1] & 0xF;
    Pass pass =
        progressive ? progressivePass(begin, count, from, to, high, low) : this::sequentialBlock;
    boolean codesDc = !progressive || (from == 0 && high == 0);
    boolean codesAc = !progressive || from > 0;
    for (Component component : scanned) {
      require(
          !codesDc || component.dcTable != null, "a scan uses a table that is not there", begin);
      require(
          !codesAc || component.acTable != null, "a scan uses a table that is not there", begin);
      require(progressive || !component.coded, "a component is coded twice", begin);
      component.coded |= codesDc;
    }
    units(scanned, pass);
  }

  private Component component(int id, int place) {
    for (Component component : components) {
      if (component.id == id) {
        return component;
      }
    }
    throw damaged("a scan of an unknown component", place);
  }

  private Pass progressivePass(int begin, int count, int from, int to, int high, int low) {
    require(
        from <= to
            && to <= 63
            && (from > 0 || to == 0)
            && (from == 0 || count == 1)
            && low <= 13
            && (high == 0 || high == low + 1),
        "the parameters of a scan are wrong",
        begin);
    if (from == 0) {
      return high == 0
          ? (component, block) -> firstDc(component, low)
          : (component, block) -> bits(1);
    }
    return high == 0
        ? (component, block) -> firstAc(component, block, from, to, low)
        : (component, block) -> refineAc(component, block, from, to);
  }

  /** Decodes the blocks of a scan in their order, with the restarts between them. */
  private void units(Component[] scanned, Pass pass) {
    boolean single = scanned.length == 1;
    int across = single ? scanned[0].blocksAcross : scanned[0].unitsAcross;
    int down = single ? scanned[0].blocksDown : scanned[0].unitsDown;
    long total = (long) across * down;
    beginInterval(scanned);
    int restarts = 0;
    for (long unit = 0; unit < total; unit++) {
      if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0) {
        endInterval();
        restart(restarts++ & 7);
        beginInterval(scanned);
      }
      int x = (int) (unit % across);
      int y = (int) (unit / across);
      if (single) {
        pass.block(scanned[0], y * scanned[0].stride + x);
        continue;
      }
      for (Component component : scanned) {
        for (int row = 0; row < component.down; row++) {
          for (int column = 0; column < component.across; column++) {
            pass.block(
                component,
                (y * component.down + row) * component.stride + x * component.across + column);
          }
        }
      }
    }
    endInterval();
    int next = at;
    while (bytes[next] == (byte) 0xFF && bytes[next + 1] == (byte) 0xFF) {
      next++;
    }
    int marker = bytes[next + 1] & 0xFF;
    boolean ended =
        bytes[next] == (byte) 0xFF && marker != 0 && !(marker >= 0xD0 && marker <= 0xD7);
    require(ended, "its data goes on after the picture", at);
  }

  private void beginInterval(Component[] scanned) {
    held = 0;
    holding = 0;
    emptyBlocks = 0;
    for (Component component : scanned) {
      component.predicted = 0;
    }
  }

  private void endInterval() {
    require(emptyBlocks == 0, "its data ends after the picture", at);
    holding = 0; // up to seven bits that fill the last byte
  }

  private void restart(int number) {
    while (bytes[at] == (byte) 0xFF && bytes[at + 1] == (byte) 0xFF) {
      at++;
    }
    require(
        bytes[at] == (byte) 0xFF && (bytes[at + 1] & 0xFF) == 0xD0 + number,
        "a restart marker is missing",
        at);
    at += 2;
  }

  private void sequentialBlock(Component component, int block) {
    firstDc(component, 0);
    for (int k = 1; k < 64; k++) {
      int code = decode(component.acTable);
      int run = code >> 4;
      int size = code & 0xF;
      if (size == 0) {
        if (run < 15) {
          return;
        }
        k += 15;
        require(k < 64, "a block has too many coefficients", at);
        continue;
      }
      k += run;
      require(k < 64 && size <= LARGEST_AC_BITS, "a block has a coefficient that cannot be", at);
      bits(size);
    }
  }

  private void firstDc(Component component, int low) {
    int size = decode(component.dcTable);
    require(size <= LARGEST_DC_BITS, "a block is brighter or darker than can be", at);
    component.predicted += signed(size);
    checkSize(component, 0, (long) component.predicted << low);
  }

  /** Reads a value of {@code size} bits, of which those that begin with 0 stand for negatives. */
  private int signed(int size) {
    int value = bits(size);
    return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  private void checkSize(Component component, int k, long quantised) {
    int divisor = divisors[component.quantisation][k];
    require(
        Math.abs(quantised * divisor) <= LARGEST_COEFFICIENT + divisor,
        "a block is brighter or darker than can be",
        at);
  }

  private void firstAc(Component component, int block, int from, int to, int low) {
    if (emptyBlocks > 0) {
      emptyBlocks--;
      return;
    }
    for (int k = from; k <= to; k++) {
      int code = decode(component.acTable);
      int run = code >> 4;
      int size = code & 0xF;
      if (size == 0) {
        if (run < 15) {
          emptyBlocks = (1 << run) - 1 + bits(run);
          return;
        }
        k += 15;
        require(k <= to, "a block has too many coefficients", at);
        continue;
      }
      k += run;
      require(k <= to && size <= LARGEST_AC_BITS, "a block has a coefficient that cannot be", at);
      checkSize(component, k, (long) signed(size) << low);
      component.notZero[block] |= 1L << k;
    }
  }

  private void refineAc(Component component, int block, int from, int to) {
    int k = from;
    if (emptyBlocks == 0) {
      while (k <= to) {
        int code = decode(component.acTable);
        int run = code >> 4;
        int size = code & 0xF;
        if (size == 0 && run < 15) {
          emptyBlocks = (1 << run) + bits(run);
          break;
        }
        require(size <= 1, "a block has a coefficient that cannot be", at);
        bits(size); // its sign
        // Pass over as many zeros as the run says, with a bit for each that is none.
        while (k <= to) {
          if ((component.notZero[block] >> k & 1) != 0) {
            bits(1);
          } else if (--run < 0) {
            break;
          }
          k++;
        }
        if (size == 1) {
          require(k <= to, "a block has too many coefficients", at);
          component.notZero[block] |= 1L << k;
        }
        k++;
      }
    }
    if (emptyBlocks > 0) {
      for (; k <= to; k++) {
        if ((component.notZero[block] >> k & 1) != 0) {
          bits(1);
        }
      }
      emptyBlocks--;
    }
  }

  private int decode(HuffmanTable table) {
    int code = 0;
    for (int length = 0; length < 16; length++) {
      code = code << 1 | bits(1);
      int index = code - table.first[length];
      if (index < table.counts[length]) {
        return table.values[table.offset[length] + index] & 0xFF;
      }
    }
    throw damaged("a code that its tables do not have", at);
  }

  /** Returns the next {@code count} bits, at most 16. */
  private int bits(int count) {
    while (holding < count) {
      int next = bytes[at] & 0xFF;
      if (next == 0xFF) {
        require(bytes[at + 1] == 0, "its data ends before the picture", at);
        at++;
      }
      at++;
      held = held << 8 | next;
      holding += 8;
    }
    holding -= count;
    return held >>> holding & ((1 << count) - 1);
  }

  private int unsigned16(int place) {
    return (bytes[place] & 0xFF) << 8 | (bytes[place + 1] & 0xFF);
  }

  private static int dividedUp(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private void require(boolean right, String problem, int place) {
    if (!right) {
      throw damaged(problem, place);
    }
  }

  private DataException damaged(String problem, int place) {
    return DataException.in(
        where, String.format(Locale.ROOT, "is a damaged JPEG: %s, at byte %d", problem, place));
  }

  /** What a scan does with each block. */
  private interface Pass {
    void block(Component component, int block);
  }

  /** A colour component, and where its decoding is. */
  private static final class Component {
    private final int id;
    private int across;
    private int down;
    private int quantisation;
    private int unitsAcross;
    private int unitsDown;
    private int blocksAcross;
    private int blocksDown;
    private int stride;
    private long[] notZero = {};
    private HuffmanTable dcTable;
    private HuffmanTable acTable;
    private int predicted;
    private boolean coded;

    Component(int id) {
      this.id = id;
    }
  }

  /** Codes of 1 to 16 bits in their order. */
  private static final class HuffmanTable {
    private final int[] counts = new int[16];

    /** The first code of each length, and where its value is. */
    private final int[] first = new int[16];

    private final int[] offset = new int[16];
    private byte[] values = {};

    /** Returns how many values follow, or -1 if there cannot be so many codes. */
    int readCounts(byte[] bytes, int place) {
      int total = 0;
      int code = 0;
      for (int length = 0; length < 16; length++) {
        counts[length] = bytes[place + length] & 0xFF;
        first[length] = code;
        offset[length] = total;
        total += counts[length];
        code += counts[length];
        if (code > 1 << (length + 1)) {
          return -1;
        }
        code <<= 1;
      }
      return total;
    }
  }
}
