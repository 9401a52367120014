extension PodTemplate {
    /// The template that is used where operators have none; also an example of what a template may be.
    package static let defaultText = """
        # What build pods are like. Put a file like this into the directory of kubernetes.pod-templates, as default.yaml, as
        # script.yaml, makefile.yaml, dockerfile.yaml or buildpacks.yaml, or as app.APP.yaml for one app; the most special is
        # taken, alone. Slipway merges it with the containers fetch-source, build and store-artifact that it makes itself.
        spec:
          containers:
            # Where the build runs, in every kind of build. It may have an image and a command of its own here.
            - name: build
              resources:
                requests:
                  cpu: 500m
                  memory: 512Mi
                  ephemeral-storage: 1Gi
                limits:
                  memory: 4Gi
                  ephemeral-storage: 20Gi
        """

    /// The template of ``defaultText``.
    static func builtIn() throws(PodTemplateProblem) -> PodTemplate {
        try PodTemplate(defaultText, name: "the built-in pod template")
    }
}
