package org.mien.trainer.search;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;

/**
 * How much memory is still to be had.
 *
 * @param heapBytes that the heap may still take
 * @param nativeBytes that arrays outside the heap may still take, by JavaCPP's limits
 * @param machineBytes that the machine has free for both together
 */
record MemoryReport(long heapBytes, long nativeBytes, long machineBytes) {

  /** Asks this process and this machine. */
  static MemoryReport ofProcess() {
    Runtime java = Runtime.getRuntime();
    long heapInUse = java.totalMemory() - java.freeMemory();
    long nativeBytes = room(Pointer.maxBytes(), Pointer.totalBytes());
    long physical = room(Pointer.maxPhysicalBytes(), Pointer.physicalBytes());
    // Heap that the process has taken from the machine and does not use is still to be had.
    long machine = saturated(available(), java.freeMemory());
    return new MemoryReport(java.maxMemory() - heapInUse, Math.min(nativeBytes, physical), machine);
  }

  private static long room(long limit, long taken) {
    return limit <= 0 ? Long.MAX_VALUE : Math.max(0, limit - taken);
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Linux tells what can be had without swapping; elsewhere nothing is known. */
  private static long available() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"), StandardCharsets.US_ASCII)) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Long.MAX_VALUE;
    }
    return Long.MAX_VALUE;
  }
}
