package org.mien.core.progress;

/** Progress of one piece of work, shown to whoever waits for it. */
public interface Progress extends AutoCloseable {

  /** Says how far the work is. */
  void advanceTo(long done);

  /** Adds a word on the state, such as the loss. */
  void message(String text);

  @Override
  void close();

  /** Makes the display for one piece of work. */
  interface Factory {
    /**
     * @param task what is done, for example {@code features}
     * @param unit what is counted, for example {@code images}
     * @param total how many there are
     */
    Progress start(String task, String unit, long total);
  }

  /** Shows nothing. */
  static Factory silent() {
    return (task, unit, total) ->
        new Progress() {
          @Override
          public void advanceTo(long done) {}

          @Override
          public void message(String text) {}

          @Override
          public void close() {}
        };
  }
}
