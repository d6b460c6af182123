package compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs many command line tools in one JVM. Reads lines {"main": class, "args": [...]}, answers each with
 * {"exit": code, "stdout": text, "stderr": text}. A tool that ends by an exception exits 1 with its trace on stderr, as under java.
 */
public final class Tools {
    private static final class ToolExit extends RuntimeException {
        final int code;

        ToolExit(int code) {
            super(null, null, false, false);
            this.code = code;
        }
    }

    /** The first exit of the tool that runs. */
    private static ToolExit ended;

    public static void main(String[] args) throws Exception {
        ObjectMapper json = new ObjectMapper();
        PrintStream answers = System.out;
        PrintStream errors = System.err;
        Exit.setExitProcedure((code, message) -> {
            ToolExit exit = new ToolExit(code);
            // Some catch what ends them and go on: under java they would be gone.
            if (ended == null) {
                ended = exit;
                System.setOut(new PrintStream(OutputStream.nullOutputStream()));
                System.setErr(new PrintStream(OutputStream.nullOutputStream()));
            }
            throw exit;
        });
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode request = json.readTree(line);
            String[] toolArgs = json.convertValue(request.get("args"), String[].class);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            ended = null;
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exit = run(request.get("main").asText(), toolArgs);
            System.setErr(errors);
            ObjectNode answer = json.createObjectNode();
            answer.put("exit", exit);
            answer.put("stdout", out.toString(StandardCharsets.UTF_8));
            answer.put("stderr", err.toString(StandardCharsets.UTF_8));
            answers.println(json.writeValueAsString(answer));
            answers.flush();
        }
    }

    private static int run(String mainClass, String[] args) throws ReflectiveOperationException {
        try {
            Class.forName(mainClass).getMethod("main", String[].class).invoke(null, (Object) args);
            return ended == null ? 0 : ended.code;
        } catch (InvocationTargetException error) {
            if (ended != null) return ended.code;
            error.getCause().printStackTrace();
            return 1;
        }
    }
}
