package org.mien.trainer.search;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mien.core.error.ConfigException;
import org.mien.trainer.experiment.CandidateMemory;

/** How many trainings at a time fit into memory. */
final class MemoryBudget {
  private static final double MEBIBYTE = 1 << 20;

  private final Supplier<MemoryReport> memory;
  private final Consumer<String> log;

  /**
   * @param memory asked each time
   * @param log told if fewer trainings fit than were asked for
   */
  MemoryBudget(Supplier<MemoryReport> memory, Consumer<String> log) {
    this.memory = memory;
    this.log = log;
  }

  /** Whether a key of the recipe may change what a training needs. */
  static boolean mayChangeNeed(String key) {
    return key.startsWith("model.")
        || key.startsWith("training.batchSize")
        || key.startsWith("training.replicas")
        || key.startsWith("training.optimizer")
        || key.startsWith("training.augmentedViews")
        || key.startsWith("training.cache");
  }

  /**
   * Refuses a training that does not fit.
   *
   * @throws ConfigException with the numbers
   */
  void requireOne(CandidateMemory need) {
    fitting(need, memory.get());
  }

  /**
   * Returns how many fit: those that were asked for, or fewer, which is logged.
   *
   * @throws ConfigException if not even one fits
   */
  int parallel(int wanted, CandidateMemory need) {
    MemoryReport free = memory.get();
    long fitting = fitting(need, free);
    if (fitting >= wanted) {
      return wanted;
    }
    log.accept(
        String.format(
            Locale.ROOT,
            "parallel: %d instead of %d candidates at a time, for %s",
            fitting,
            wanted,
            inWords(need, free)));
    return (int) fitting;
  }

  private static long fitting(CandidateMemory need, MemoryReport free) {
    long fitting =
        Math.min(
            times(free.machineBytes(), need.heapBytes() + need.nativeBytes()),
            Math.min(
                times(free.heapBytes(), need.heapBytes()),
                times(free.nativeBytes(), need.nativeBytes())));
    if (fitting < 1) {
      throw new ConfigException(
          "not even one candidate fits into memory: "
              + inWords(need, free)
              + "; lower training.batchSize or give Java more (MIEN_JAVA_OPTS=-Xmx8g raises the"
              + " heap and the limit outside it)");
    }
    return fitting;
  }

  private static long times(long free, long need) {
    return need <= 0 ? Long.MAX_VALUE : free / need;
  }

  private static String inWords(CandidateMemory need, MemoryReport free) {
    return String.format(
        Locale.ROOT,
        "one needs about %s of heap and %s outside it; free are %s, %s and, of the machine for both,"
            + " %s",
        size(need.heapBytes()),
        size(need.nativeBytes()),
        size(free.heapBytes()),
        size(free.nativeBytes()),
        size(free.machineBytes()));
  }

  private static String size(long bytes) {
    return bytes == Long.MAX_VALUE
        ? "any amount"
        : String.format(Locale.ROOT, "%.0f MiB", Math.ceil(bytes / MEBIBYTE));
  }
}
