package org.mien.cli;

import com.beust.jcommander.converters.IParameterSplitter;
import java.util.List;

/** Leaves an option's value whole: commas belong to the values of recipes. */
public final class NoSplitting implements IParameterSplitter {
  @Override
  public List<String> split(String value) {
    return List.of(value);
  }
}
