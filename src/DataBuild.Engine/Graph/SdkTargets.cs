namespace DataBuild.Engine.Graph;

/// <summary>
/// Names that a job may not have, because a project of the SDK has targets of these names: what `dotnet msbuild -targets` lists for an
/// empty project of Microsoft.NET.Sdk 10.0.401, what languages and test SDKs add to it, and whatever begins like
/// one of our own.
/// </summary>
internal static class SdkTargets
{
    private const string Names =
        """
        CompileDesignTime CoreCompile CreateManifestResourceNames Test
        _AddOutputPathToGlobalPropertiesToRemove _AddPriFileToPackBuildOutput _BlockWinMDsOnUnsupportedTFMs _CalculateInputsOutputsForPack
        _CalculateIsVSTestTestProject _CheckAndUnsetUnsupportedPrefer32Bit _CheckAndUnsetUnsupportedPreferNativeArm64
        _CheckBrowserWorkloadNeededButNotAvailable _CheckContainersPackage _CheckForAspireWorkloadDeprecation _CheckForBuildWithNoBuild
        _CheckForCompileOutputs _CheckForDeprecatedRoslynCompilerType _CheckForEolTargetFrameworks _CheckForEolWorkloads _CheckForFailedSDKResolution
        _CheckForInvalidConfigurationAndPlatform _CheckForInvalidTargetPlatformVersion _CheckForInvalidWindowsDesktopTargetingConfiguration
        _CheckForLanguageAndFeatureCombinationSupport _CheckForLanguageAndPublishFeatureCombinationSupport _CheckForMismatchingPlatform
        _CheckForMissingWorkload _CheckForNETCoreSdkIsPreview _CheckForNotRecommendedNETStandardVersion _CheckForObsoleteDotNetCliToolReferences
        _CheckForSupportedOSPlatformVersionHigherThanTargetPlatformVersion _CheckForTransitiveWindowsDesktopDependencies
        _CheckForUnnecessaryWindowsDesktopSDK _CheckForUnsupportedAppHostUsage _CheckForUnsupportedArtifactsPath _CheckForUnsupportedCppNETCoreVersion
        _CheckForUnsupportedHostingUsage _CheckForUnsupportedNETCoreVersion _CheckForUnsupportedNETStandardVersion _CheckForUnsupportedTargetFramework
        _CheckForUnsupportedTargetFrameworkAndFeatureCombination _CheckForUnsupportedTargetPlatformIdentifier
        _CheckMicrosoftNetCompilersToolsetFrameworkPackageReference _CheckMicrosoftNetSdkCompilersToolsetPackageExists _CheckRIDAsserts
        _CleanGetCurrentAndPriorFileWrites _CleanPackageFiles _CleanRecordFileWrites _CollectRestoreInputs _CollectTargetFrameworkForTelemetry
        _ComputeAssembliesToPostprocessOnPublish _ComputeContainerExecutionArgs _ComputeCopyToPublishDirectoryItems _ComputeFilesToBundle
        _ComputeIntermediateDepsFilePath _ComputeManagedRuntimePackAssemblies _ComputeNETCoreBuildOutputFiles _ComputeNonExistentFileProperty
        _ComputePackageReferencePublish _ComputeReferenceAssemblies _ComputeResolvedCopyLocalPublishAssets _ComputeResolvedFilesToPublishTypes
        _ComputeResolvedFilesToStoreTypes _ComputeToolPackInputsToProcessFrameworkReferences _ComputeUseBuildDependencyFile
        _ComputeUserRuntimeAssemblies _ContainerEstablishRIDNess _ContainerVerifySDKVersion _CopyAppConfigFile
        _CopyDifferingSourceItemsToOutputDirectory _CopyFilesMarkedCopyLocal _CopyFilesToPublishFolder _CopyManifestFiles
        _CopyOutOfDateSourceItemsToOutputDirectory _CopyOutOfDateSourceItemsToOutputDirectoryAlways _CopyReferenceOnlyAssembliesForBuild
        _CopyResolvedFilesToPublishAlways _CopyResolvedFilesToPublishIfDifferent _CopyResolvedFilesToPublishPreserveNewest _CopyResolvedOptimizedFiles
        _CopyResolvedUnOptimizedFiles _CopySourceItemsToOutputDirectory _CreateAppHost _CreateAppHostForPublish _CreateComHost _CreateR2RImages
        _CreateR2RSymbols _CreateSingleFileHost _DefaultMicrosoftNETPlatformLibrary _DeploymentComputeClickOnceManifestInfo
        _DeploymentComputeNativeManifestInfo _DeploymentGenerateBootstrapper _DeploymentGenerateLauncher _DeploymentGenerateTrustInfo
        _DeploymentSetClickOnceVersions _DeploymentSignClickOnceDeployment _DeploymentUnpublishable _DisableDiagnosticTracing
        _ErrorDualWasmThreadPropsOn7 _ErrorWorkloadDisabledForTFMLessThan6 _FilterRestoreGraphProjectInputItems _FilterSatelliteResourcesForPublish
        _GatherDesignerShadowCopyFiles _GenerateClsidMap _GenerateCompileDependencyCache _GenerateCompileInputs _GenerateDesignerDepsFile
        _GenerateDesignerRuntimeConfigFile _GenerateDotnetCliToolReferenceSpecs _GenerateProjectRestoreGraph _GenerateProjectRestoreGraphAllFrameworks
        _GenerateProjectRestoreGraphCurrentProject _GenerateProjectRestoreGraphPerFramework _GeneratePublishDependencyFileInputCache
        _GenerateRegFreeComManifest _GenerateResolvedDeploymentManifestEntryPoint _GenerateRestoreDependencies _GenerateRestoreGraph
        _GenerateRestoreGraphProjectEntry _GenerateRestoreProjectPathItems _GenerateRestoreProjectPathItemsAllFrameworks
        _GenerateRestoreProjectPathItemsCurrentProject _GenerateRestoreProjectPathItemsPerFramework _GenerateRestoreProjectPathWalk
        _GenerateRestoreProjectSpec _GenerateRestoreSpecs _GenerateRuntimeConfigurationFilesInputCache _GenerateSatelliteAssemblyInputs
        _GenerateSingleFileBundleInputCache _GenerateSourceLinkFile _GenerateSuggestedBindingRedirectsCache _GetAbsoluteOutputPathsForPack
        _GetAllRestoreProjectPathItems _GetAppHostCreationConfiguration _GetAppHostPaths _GetAssembliesMetadata _GetAssemblyInfoFromTemplateFile
        _GetBuildOutputFilesWithTfm _GetComHostPaths _GetCopyToOutputDirectoryItemsFromThisProject
        _GetCopyToOutputDirectoryItemsFromTransitiveProjectReferences _GetCrossgenProps _GetCurrentAndPriorPublishFileWrites _GetDebugSymbolsWithTfm
        _GetFrameworkAssemblyReferences _GetFrameworksWithSuppressedDependencies _GetIjwHostPaths _GetOutputItemsFromPack _GetPackageFiles
        _GetProjectReferencePlatformProperties _GetProjectReferenceTargetFrameworkProperties _GetProjectReferenceVersions _GetProjectVersion
        _GetReferencePathFromInnerProjects _GetRequiredWorkloads _GetResolvedFilesToStore _GetRestoreFallbackFoldersOverride
        _GetRestorePackagesPathOverride _GetRestoreProjectStyle _GetRestoreRepositoryPathOverride _GetRestoreSettings _GetRestoreSettingsAllFrameworks
        _GetRestoreSettingsCurrentProject _GetRestoreSettingsOverrides _GetRestoreSettingsPerFramework _GetRestoreSourcesOverride
        _GetRestoreTargetFrameworkOverride _GetRestoreTargetFrameworksAsItems _GetRestoreTargetFrameworksOutput _GetTargetFrameworkOverrides
        _GetTargetFrameworksOutput _GetTfmSpecificContentForPackage _GetUserSecretsAssemblyAttribute _HandleFileConflictsForPublish
        _HandlePackageFileConflicts _HandlePackageFileConflictsForPublish _IncludeContentItemsWithOnlyPublishMetadata
        _IncrementalCleanPublishDirectory _InitializeAzureReposGitSourceLinkUrl _InitializeBasicProps _InitializeBitbucketGitSourceLinkUrl
        _InitializeGitHubSourceLinkUrl _InitializeGitLabSourceLinkUrl _InitializeNuspecRepositoryInformationProperties
        _InitializeSourceControlInformationFromSourceControlManager _InitializeSourceRootMappedPathsOpt _IntermediatePack _IsProjectRestoreSupported
        _LoadPackInputItems _LoadRestoreGraphEntryPoints _MTPBuild _NormalizeTargetPlatformVersion _PackAsBuildAfterTarget _PackProjectToolValidation
        _ParseItemsForPublishingSingleContainer _ParseTargetManifestFiles _PopulateCommonStateForGetCopyToOutputDirectoryItems
        _PrepareForReadyToRunCompilation _PreventProjectReferencesFromBuilding _PublishBuildAlternative _PublishMultiArchContainers
        _PublishNoBuildAlternative _PublishSingleContainer _ResolveCompilerVersion _ResolveCopyLocalAssetsForPublish _RestoreCrossgen _RunOptimizer
        _SdkBeforeClean _SdkBeforeRebuild _SetEmbeddedFilesFromSourceControlManagerUntrackedFiles _SetEmbeddedWin32ManifestProperties
        _SetExternalWin32ManifestProperties _SetPreferNativeArm64Win32ManifestProperties _SetSourceLinkFilePath _SetupStageForCrossgen
        _SGenCheckForOutputs _SourceLinkHasSingleProvider _SplitProjectReferencesByFileExistence _SplitResolvedFiles _SuggestWasmWorkloadForBlazor
        _TestRunStart _TimeStampAfterCompile _TimeStampBeforeCompile _VerifyPackReleaseConfigurations _VSTestConsole _VSTestMSBuild
        _WalkEachTargetPerFramework _WarnWhenUsingNET10AndVSPriorTo18 _WriteAppConfigWithSupportedRuntime
        AddDepsJsonAndRuntimeConfigToCopyItemsForReferencingProjects AddDepsJsonAndRuntimeConfigToPublishItemsForReferencingProjects
        AddImplicitDefineConstants AddPrunePackageReferences AddRuntimeConfigFileToBuiltProjectOutputGroupOutput
        AddSourceRevisionToInformationalVersion AddTransitiveFrameworkReferences AddWindowsSdkKnownFrameworkReferences
        AdjustDefaultPlatformTargetForNetFrameworkExeWithNoNativeCopyLocalItems AfterBuild AfterClean AfterCompile AfterPublish AfterRebuild
        AfterResGen AfterResolveReferences AfterSdkPublish AllProjectOutputGroups AllProjectOutputGroupsDependencies ApplyImplicitVersions
        AssignLinkMetadata AssignProjectConfiguration AssignTargetPaths BeforeBuild BeforeClean BeforeCompile BeforePublish BeforeRebuild BeforeResGen
        BeforeResolveReferences Build BuildCompile BuildCompileTraverse BuildGenerateSources BuildGenerateSourcesTraverse BuildLink BuildLinkTraverse
        BuildOnlySettings BuildProject BuiltProjectOutputGroup BuiltProjectOutputGroupDependencies CheckForDuplicateItems
        CheckForImplicitPackageReferenceOverrides Clean CleanAppxPackage CleanPublishFolder CleanReferencedProjects CollectApiCompatInputs
        CollectCentralPackageVersions CollectFrameworkReferences CollectNuGetAuditSuppressions CollectPackageDownloads CollectPackageReferences
        CollectPrunePackageReferences CollectReferencedNuGetPackages CollectResolvedSDKReferencesDesignTime CollectSDKReferencesDesignTime Compile
        CompileLicxFiles ComposeStore ComputeAndCopyFilesToPublishDirectory ComputeAndCopyFilesToStoreDirectory ComputeContainerBaseImage
        ComputeContainerConfig ComputeDependencyFileCompilerOptions ComputeEmbeddedApphostPaths ComputeFilesCopiedToPublishDir ComputeFilesToPublish
        ComputeFilesToStore ComputeIntermediateSatelliteAssemblies ComputeRefAssembliesToPublish ComputeResolvedFilesToPublishList ComputeRunArguments
        ContentFilesProjectOutputGroup CopyFilesToOutputDirectory CopyFilesToPublishDirectory CopyFilesToStoreDirectory CopyRunEnvironmentFiles
        CoreBuild CoreClean CoreGenerateAssemblyInfo CoreGenerateSatelliteAssemblies CoreResGen CreateCustomManifestResourceNames
        CreateGeneratedAssemblyInfoInputsCacheFile CreateReadyToRunImages CreateSatelliteAssemblies DebugSymbolsProjectOutputGroup
        DebugSymbolsProjectOutputGroupDependencies DefaultCopyToPublishDirectoryMetadata DesignerRuntimeImplementationProjectOutputGroup
        DesignTimeResolveAssemblyReferences DocumentationProjectOutputGroup DocumentationProjectOutputGroupDependencies
        EnableIntermediateOutputPathMismatchWarning EnsureNETCoreAppRuntime ExpandSDKReferences ExpandSDKReferencesDesignTime ExportWindowsMDFile
        FindInvalidProjectReferences FindReferenceAssembliesForReferences GenerateAdditionalSources GenerateApplicationManifest GenerateAssemblyInfo
        GenerateBindingRedirects GenerateBindingRedirectsUpdateAppConfig GenerateBuildDependencyFile GenerateBuildRuntimeConfigurationFiles
        GenerateDeploymentManifest GenerateManifests GenerateNETCompatibleDefineConstants GenerateNuspec GeneratePlatformCompatibleDefineConstants
        GeneratePublishDependencyFile GenerateRestoreGraphFile GenerateSatelliteAssemblies GenerateSerializationAssemblies GenerateSingleFileBundle
        GenerateSourceLinkFile GenerateSupportedRuntime GenerateSupportedTargetFrameworkAlias GenerateTargetFrameworkDefineConstants
        GenerateTargetFrameworkMonikerAttribute GenerateTargetPlatformDefineConstants GetAllRuntimeIdentifiers GetAssemblyAttributes
        GetAssemblyVersion GetCompile GetCopyToOutputDirectoryItems GetCopyToPublishDirectoryItems GetFrameworkPaths GetInstalledSDKLocations
        GetItemTargetPaths GetNativeManifest GetPackagingOutputs GetPotentialEditorConfigFiles GetReferenceAssemblyPaths
        GetReferencesForApiCompatValidatePackage GetReferenceTargetPlatformMonikers GetResolvedSDKReferences GetSuggestedWorkloads
        GetTargetFrameworkDirectories GetTargetFrameworkMoniker GetTargetFrameworkMonikerDisplayName GetTargetFrameworkProperties GetTargetFrameworks
        GetTargetFrameworksWithPlatformForSingleTargetFramework GetTargetFrameworkVersion GetTargetPath GetTargetPathWithTargetPlatformMoniker
        IgnoreJavaScriptOutputAssembly ILLink IncludeTargetingPackReference IncludeTransitiveProjectReferences IncrementalClean
        InitializeSourceControlInformation InitializeSourceControlInformationFromSourceControlManager Pack PostBuildEvent PreBuildEvent
        PrepareForBuild PrepareForBundle PrepareForComposeStore PrepareForPublish PrepareForRun PrepareProjectReferences PrepareResourceNames
        PrepareResources PrepforRestoreForComposeStore PrepOptimizer PrepRestoreForStoreProjects PriFilesOutputGroup ProcessFrameworkReferences
        Publish PublishBuild PublishContainer PublishItemsOutputGroup PublishOnly Rebuild ReferenceCopyLocalPathsOutputGroup ResGen
        ResolveAssemblyReferences ResolveAssemblyReferencesDesignTime ResolveComReferences ResolveComReferencesDesignTime ResolveFrameworkReferences
        ResolveKeySource ResolveLockFileAnalyzers ResolveLockFileCopyLocalFiles ResolveLockFileReferences ResolveNativeReferences
        ResolveOffByDefaultAnalyzers ResolvePackageAssets ResolvePackageDependenciesDesignTime ResolvePackageDependenciesForBuild
        ResolveProjectReferences ResolveProjectReferencesDesignTime ResolveReadyToRunCompilers ResolveReferences ResolveRuntimePackAssets
        ResolveSDKReferences ResolveSDKReferencesDesignTime ResolveTargetingPackAssets Restore RestoreForComposeStore Run RunCrossGen
        RunPackageValidation RunProduceContentAssets RunResolvePackageDependencies RunResolvePublishAssemblies SatelliteDllsProjectOutputGroup
        SatelliteDllsProjectOutputGroupDependencies SDKRedistOutputGroup SetEmbeddedFilesFromSourceControlManagerUntrackedFiles SetGenerateManifests
        SetWin32ManifestProperties SGenFilesOutputGroup SGenFilesOutputGroupDependencies ShowCallOfVSTestTaskWithParameter
        ShowInfoMessageIfProjectHasNoIsTestProjectProperty ShowMsbuildWithParameter SourceControlManagerPublishTranslatedUrls
        SourceFilesProjectOutputGroup SplitResourcesByCulture StoreFinalizer StoreResolver StoreWorkerMain StoreWorkerMapper StoreWorkerPerformWork
        TranslateAzureReposGitUrlsInSourceControlInformation TranslateBitbucketGitUrlsInSourceControlInformation
        TranslateGitHubUrlsInSourceControlInformation TranslateGitLabUrlsInSourceControlInformation UnmanagedRegistration UnmanagedUnregistration
        UpdateAspNetToFrameworkReference ValidateCommandLineProperties ValidateExecutableReferences VSTest WarnForExplicitVersions
        """;

    private static readonly HashSet<string> All = new(Names.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) =>
        name.StartsWith("DataBuild", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("_DataBuild", StringComparison.OrdinalIgnoreCase)
        || All.Contains(name);
}
