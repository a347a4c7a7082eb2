/** In the place of an optional package that is not part of the bundle. */
throw new Error("not part of the bundle");
