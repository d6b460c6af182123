package compat.kafkasuite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a test is called in the results: its class, its method, and of several variants the number and the parameters. */
final class Names {
    private static final Pattern INDEXED = Pattern.compile("^\\[(\\d+)\\]\\s*(.*)$", Pattern.DOTALL);
    private static final int LONGEST_PARAMETERS = 90;

    private Names() {
    }

    /** A class that was made of one of Kafka's at run time has that one's name. */
    static String of(Class<?> c) {
        return of(c.getName());
    }

    static String of(String className) {
        int made = className.indexOf(HarnessTests.MADE);
        return made < 0 ? className : className.substring(0, made);
    }

    /**
     * @param className the class that was asked for, also where the method is inherited
     * @param uniqueId JUnit's, which tells whether this is one of several variants of the method
     */
    static String of(String className, String method, String displayName, String uniqueId) {
        if (displayName.startsWith("id:")) return displayName.substring("id:".length());
        String base = of(className) + "." + method;
        if (!uniqueId.contains("[test-template-invocation:")) return base;
        Matcher indexed = INDEXED.matcher(displayName);
        String parameters = indexed.matches() ? indexed.group(1) + ", " + indexed.group(2).replaceAll("\\s+", " ") : displayName;
        // Scala's parameterized tests repeat the method's name: testX(String).groupProtocol=consumer
        parameters = parameters.replaceFirst("^" + Pattern.quote(method) + "\\([^)]*\\)\\.?", "");
        // The time of the run is no part of a name.
        parameters = parameters.replaceAll("\\b\\d{13}\\b", "TIME");
        return base + "[" + parameters.substring(0, Math.min(parameters.length(), LONGEST_PARAMETERS)) + "]";
    }
}
