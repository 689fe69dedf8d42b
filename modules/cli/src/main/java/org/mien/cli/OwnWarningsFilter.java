package org.mien.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Lets warnings of Mien pass to the screen. Errors are told by {@link Main} in one line, and what
 * libraries log is for {@code log.txt}; {@code MIEN_DEBUG=1} shows all of it.
 */
public final class OwnWarningsFilter extends Filter<ILoggingEvent> {
  private static final boolean DEBUG = System.getenv("MIEN_DEBUG") != null;

  @Override
  public FilterReply decide(ILoggingEvent event) {
    boolean own =
        event.getLoggerName().startsWith("org.mien.") && event.getLevel().equals(Level.WARN);
    return own || DEBUG ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
